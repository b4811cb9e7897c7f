// What a definition refers to or counts on that can never be there. Found when it is published and not when it is loaded: what was published
// once keeps running.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/domain/graph.h"

namespace penstock::workflow_engine {

// Holes "{{nodes.<id>.output...}}" in the node's templates whose node does not exist. `field` names the node; its config has passed the schema.
void CheckReferences(const GraphNode& node, const std::string& field, const std::function<bool(std::string_view id)>& exists,
                     std::vector<Problem>& problems);

// A node that wants more taken edges than can be taken: of the edges from one node, those of one branch and those without a label, or those
// labelled "error".
void CheckCount(const GraphNode& node, const std::string& field, const std::vector<GraphEdge>& edges, std::vector<Problem>& problems);

}  // namespace penstock::workflow_engine
