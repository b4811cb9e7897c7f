#include "services/workflow_engine/nodes/registry.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

std::string_view NameOf(const std::unique_ptr<NodeType>& type) { return type->name(); }

}  // namespace

absl::StatusOr<NodeTypes> NodeTypes::Create(std::vector<std::unique_ptr<NodeType>> types) {
  std::ranges::sort(types, {}, NameOf);
  const auto twin = std::ranges::adjacent_find(types, {}, NameOf);
  if (twin != types.end()) {
    return absl::InvalidArgumentError(
        fmt::format("two node types are named \"{}\"", (*twin)->name()));
  }
  NodeTypes result;
  for (const std::unique_ptr<NodeType>& type : types) {
    absl::StatusOr<json::Schema> schema = json::Schema::Create(type->config_schema());
    if (!schema.ok()) {
      return WithContext(schema.status(), fmt::format("config schema of \"{}\"", type->name()));
    }
    result.schemas_.push_back(*std::move(schema));
  }
  result.types_ = std::move(types);
  return result;
}

const NodeType* NodeTypes::Find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(types_, name, {}, NameOf);
  return found != types_.end() && (*found)->name() == name ? found->get() : nullptr;
}

const json::Schema& NodeTypes::SchemaOf(const NodeType& type) const {
  const auto found = std::ranges::lower_bound(types_, type.name(), {}, NameOf);
  return schemas_[static_cast<size_t>(found - types_.begin())];
}

}  // namespace penstock::workflow_engine
