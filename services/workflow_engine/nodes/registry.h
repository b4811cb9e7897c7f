// The node types this engine knows: an explicit, immutable list.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/json/schema.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

class NodeTypes {
 public:
  // INVALID_ARGUMENT when two types share a name, or a config schema can't be used.
  static absl::StatusOr<NodeTypes> Create(std::vector<std::unique_ptr<NodeType>> types);

  // Null when unknown.
  const NodeType* Find(std::string_view name) const;
  // The type's config schema, ready to validate with. `type` is one of all().
  const json::Schema& SchemaOf(const NodeType& type) const;
  // Sorted by name.
  const std::vector<std::unique_ptr<NodeType>>& all() const { return types_; }

 private:
  std::vector<std::unique_ptr<NodeType>> types_;
  std::vector<json::Schema> schemas_;  // parallel
};

}  // namespace penstock::workflow_engine
