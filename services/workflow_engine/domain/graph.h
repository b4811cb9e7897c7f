// A definition made ready to run: nodes by index, programs compiled, edges as adjacency. Immutable; shared by all executions of a version.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/nodes/node_type.h"
#include "services/workflow_engine/nodes/registry.h"

namespace penstock::workflow_engine {

struct GraphEdge {
  int source = 0;
  int target = 0;
  std::string label;
  // Null = unconditional. Takes one argument, "input".
  std::shared_ptr<const sandbox::Script> condition;
};

struct GraphNode {
  NodeDefinition definition;
  const NodeType* type = nullptr;
  std::unique_ptr<NodeProgram> program;
  RetryPolicy retry;          // the definition's, or the type's default
  absl::Duration timeout;     // likewise
  Readiness readiness;
  std::vector<int> incoming;  // indexes into edges
  std::vector<int> outgoing;
};

// A trigger node: where an execution may begin.
struct GraphTrigger {
  int node = 0;
  std::string trigger_type;  // "webhook", "schedule", "manual", ...
  std::string action_type;
};

class Graph {
 public:
  // Checks everything and compiles. With problems (all of them, in node order) there is no graph.
  static std::shared_ptr<const Graph> Compile(const Definition& definition, const NodeTypes& types, std::vector<Problem>& problems);

  const std::vector<GraphNode>& nodes() const { return nodes_; }
  const std::vector<GraphEdge>& edges() const { return edges_; }
  const std::vector<GraphTrigger>& triggers() const { return triggers_; }
  // JSON text of the starting variables.
  const std::string& variables() const { return variables_; }
  absl::Duration timeout() const { return timeout_; }
  // -1 when there is no such node.
  int FindNode(std::string_view id) const;
  // Nodes whose execution needs nothing from `trigger` onward: those reachable from it.
  const std::vector<bool>& reachable_from(int trigger_node) const;

 private:
  std::vector<GraphNode> nodes_;
  std::vector<GraphEdge> edges_;
  std::vector<GraphTrigger> triggers_;
  std::vector<std::vector<bool>> reachable_;  // by trigger position
  std::string variables_;
  absl::Duration timeout_;
};

}  // namespace penstock::workflow_engine
