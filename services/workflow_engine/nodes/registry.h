// The node types this engine knows: an explicit, immutable list.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

class NodeTypes {
 public:
  // INVALID_ARGUMENT when two types share a name.
  static absl::StatusOr<NodeTypes> Create(std::vector<std::unique_ptr<NodeType>> types);

  // Null when unknown.
  const NodeType* Find(std::string_view name) const;
  // Sorted by name.
  const std::vector<std::unique_ptr<NodeType>>& all() const { return types_; }

 private:
  std::vector<std::unique_ptr<NodeType>> types_;
};

}  // namespace penstock::workflow_engine
