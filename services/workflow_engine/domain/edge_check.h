// What can be wrong with an edge by itself or with its source.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/workflow_engine/domain/graph.h"

namespace penstock::workflow_engine {

// The edge's condition as a script; null when it has none, or one that can't be (which is
// appended). `field` is the edge's place, for example "edges[3]".
std::shared_ptr<const sandbox::Script> CompileCondition(const EdgeDefinition& edge,
                                                        const std::string& field,
                                                        std::vector<Problem>& problems);

// Whether `source` ever chooses the edge's label.
void CheckLabel(const EdgeDefinition& edge, const std::string& field, const GraphNode& source,
                std::vector<Problem>& problems);

}  // namespace penstock::workflow_engine
