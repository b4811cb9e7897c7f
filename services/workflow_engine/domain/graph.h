// A definition made ready to run: nodes by index, programs compiled, edges as adjacency. Immutable; shared by all executions of a version.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/nodes/node_type.h"
#include "services/workflow_engine/nodes/registry.h"
#include "services/workflow_engine/templates/template.h"

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
  int compensation = -1;  // the node that undoes this one
  int compensates = -1;   // the node that this one undoes; such a node has no edges
};

// A trigger node: where an execution may begin.
struct GraphTrigger {
  int node = 0;
  std::string trigger_type;  // "webhook", "schedule", "manual", ...
  std::string action_type;
};

// JavaScript of the graph and the field that holds it, for the one check that needs the sandbox: does it parse.
struct GraphScript {
  std::string node_id;  // empty for an edge's condition
  std::string field;    // for example "nodes[1].config.code"
  std::shared_ptr<const sandbox::Script> script;
};

// How strict to be: a version that was published once is run even if later rules would refuse it.
enum class Strictness { kToRun, kToPublish };

class Graph {
 public:
  // Checks everything and compiles. With problems (all of them: nodes in order, then edges, then the shape) there is no graph. The one
  // thing not checked is the syntax of JavaScript: see scripts() and ops/draft_check.h.
  static std::shared_ptr<const Graph> Compile(const Definition& definition, const NodeTypes& types, std::vector<Problem>& problems,
                                              Strictness strictness = Strictness::kToRun);

  const std::vector<GraphNode>& nodes() const { return nodes_; }
  const std::vector<GraphEdge>& edges() const { return edges_; }
  const std::vector<GraphTrigger>& triggers() const { return triggers_; }
  std::vector<GraphScript> scripts() const;
  // JSON text of the starting variables.
  const std::string& variables() const { return variables_; }
  absl::Duration timeout() const { return timeout_; }
  // The answer of a query that the definition declares; null when it does not.
  const JsonTemplate* FindQuery(std::string_view name) const;
  // Whether some node waits for signals of this name.
  bool Awaits(std::string_view signal) const;
  bool awaits_signals() const { return awaits_signals_; }
  // -1 when there is no such node.
  int FindNode(std::string_view id) const;
  // Which nodes, by index, can run when an execution begins at `trigger_node`; the trigger is one of them.
  const std::vector<bool>& reachable_from(int trigger_node) const;

 private:
  friend class GraphBuilder;
  Graph() = default;

  std::vector<GraphNode> nodes_;
  absl::flat_hash_map<std::string, int> index_;  // by node id
  std::vector<GraphEdge> edges_;
  std::vector<GraphTrigger> triggers_;
  std::vector<std::vector<bool>> reachable_;  // by trigger position
  std::string variables_;
  absl::Duration timeout_;
  absl::flat_hash_map<std::string, JsonTemplate> queries_;  // by name
  bool awaits_signals_ = false;
};

}  // namespace penstock::workflow_engine
