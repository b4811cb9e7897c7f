#include "services/workflow_engine/ops/workflow_routes.h"

namespace penstock::workflow_engine {

std::vector<storage::Route> RoutesOf(const Graph& graph, WorkflowId workflow, int version) {
  std::vector<storage::Route> routes;
  for (const GraphTrigger& trigger : graph.triggers()) {
    const NodeDefinition& node = graph.nodes()[trigger.node].definition;
    routes.push_back({.workflow_id = workflow,
                      .version = version,
                      .node_id = node.id,
                      .trigger_type = trigger.trigger_type,
                      .action_type = trigger.action_type,
                      .config = node.config});
  }
  return routes;
}

}  // namespace penstock::workflow_engine
