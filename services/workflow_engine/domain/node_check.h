// What can be wrong with a node by itself, whatever its type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/workflow_engine/domain/definition.h"

namespace penstock::workflow_engine {

// Letters, digits, '_' and '-', 1 to 64 of them.
bool IsNodeId(std::string_view id);

// Appends a problem for each of: id, name, retry, timeout, and the size, depth and encoding of config. `field` is the node's place,
// for example "nodes[1]". False when config is not fit to be looked at further.
bool CheckNode(const NodeDefinition& node, const std::string& field,
               std::vector<Problem>& problems);

}  // namespace penstock::workflow_engine
