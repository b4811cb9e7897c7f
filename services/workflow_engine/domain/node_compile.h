// One node made ready to run.
#pragma once

#include <string>
#include <vector>

#include "services/workflow_engine/domain/graph.h"
#include "services/workflow_engine/nodes/registry.h"

namespace penstock::workflow_engine {

// Checks `definition`, by itself and as what its type makes of it, and compiles it. Appends every
// problem; `field` is the node's place, for example "nodes[1]". Where there are problems, `type` or
// `program` of the result may be null.
GraphNode CompileNode(const NodeDefinition& definition, const std::string& field,
                      const NodeTypes& types, std::vector<Problem>& problems);

}  // namespace penstock::workflow_engine
