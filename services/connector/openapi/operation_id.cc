#include "services/connector/openapi/operation_id.h"

#include <algorithm>
#include <cctype>

#include "fmt/format.h"

namespace penstock::connector::openapi {
namespace {

constexpr size_t kMaxBytes = 200;

bool IsPrintable(const std::string& id) {
  return std::none_of(id.begin(), id.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// "GET", "/repos/{owner}/{repo}" → "get_repos_owner_repo".
std::string Derived(const Operation& operation) {
  std::string id;
  for (const char c : operation.method + operation.path) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      id += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  if (id.back() == '_') id.pop_back();
  return id.substr(0, kMaxBytes - 10);
}

}  // namespace

bool OperationIds::Add(const Operation& operation) {
  const std::string& id = operation.operation_id;
  if (id.empty()) return true;
  return id.size() <= kMaxBytes && IsPrintable(id) && taken_.insert(id).second;
}

void OperationIds::Name(Operation& operation) {
  if (!operation.operation_id.empty()) return;
  operation.has_own_id = false;
  const std::string derived = Derived(operation);
  operation.operation_id = derived;
  for (int number = 2; !taken_.insert(operation.operation_id).second; ++number) {
    operation.operation_id = fmt::format("{}_{}", derived, number);
  }
}

}  // namespace penstock::connector::openapi
