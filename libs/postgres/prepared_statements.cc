#include "libs/postgres/prepared_statements.h"

#include "fmt/format.h"

namespace penstock::postgres {
namespace {

// NULL goes where any type is expected.
bool Accepts(const std::vector<uint32_t>& types, const Params& params) {
  if (types.size() != params.types().size()) return false;
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i] != params.types()[i] && params.values()[i].has_value()) return false;
  }
  return true;
}

}  // namespace

const PreparedStatements::Prepared* PreparedStatements::Find(const Statement& statement,
                                                             const Params& params) const {
  auto found = by_name_.find(absl::string_view(statement.name));
  if (found == by_name_.end()) return nullptr;
  for (const Prepared& prepared : found->second) {
    if (prepared.sql == statement.sql && Accepts(prepared.types, params)) return &prepared;
  }
  return nullptr;
}

const PreparedStatements::Prepared* PreparedStatements::Remember(const Statement& statement,
                                                                 const Params& params) {
  std::list<Prepared>& same_name = by_name_[statement.name];
  same_name.push_back({statement.sql, params.types(), fmt::format("{}_{}", statement.name, ++made_)});
  return &same_name.back();
}

void PreparedStatements::Forget(const Prepared* prepared) {
  for (auto& [name, same_name] : by_name_) {
    if (same_name.remove_if([&](const Prepared& each) { return &each == prepared; }) > 0) return;
  }
}

}  // namespace penstock::postgres
