// The rows by which deliveries find a version.
#pragma once

#include <vector>

#include "libs/ids/uuid.h"
#include "services/workflow_engine/domain/graph.h"
#include "services/workflow_engine/storage/triggers.h"

namespace penstock::workflow_engine {

// One for each trigger node.
std::vector<storage::Route> RoutesOf(const Graph& graph, WorkflowId workflow, int version);

}  // namespace penstock::workflow_engine
