#include "services/workflow_engine/domain/graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "fmt/format.h"
#include "services/workflow_engine/domain/edge_check.h"
#include "services/workflow_engine/domain/json_measure.h"
#include "services/workflow_engine/domain/limits.h"
#include "services/workflow_engine/domain/node_check.h"
#include "services/workflow_engine/domain/node_compile.h"
#include "services/workflow_engine/domain/promise_check.h"
#include "services/workflow_engine/domain/shape.h"

namespace penstock::workflow_engine {

// Walks a definition once, in three passes (nodes, edges, shape), and keeps going after a problem.
class GraphBuilder {
 public:
  GraphBuilder(const Definition& definition, const NodeTypes& types, std::vector<Problem>& problems,
               Strictness strictness)
      : definition_(definition),
        types_(types),
        problems_(problems),
        strictness_(strictness),
        graph_(new Graph) {}

  std::shared_ptr<const Graph> Build() {
    const size_t before = problems_.size();
    // Past the limits nothing else is worth the time.
    if (!CheckLimits()) return nullptr;
    AddNodes();
    AddEdges();
    AddCompensations();
    CheckOutcomes();
    AddQueries();
    if (strictness_ == Strictness::kToPublish) CheckPromises();
    CheckTriggers();
    CheckShape();
    if (problems_.size() != before) return nullptr;
    graph_->awaits_signals_ = std::ranges::any_of(
        graph_->nodes_, [](const GraphNode& node) { return !node.program->awaited_signal().empty(); });
    return graph_;
  }

 private:
  void Add(std::string node_id, std::string field, std::string description) {
    problems_.push_back({std::move(node_id), std::move(field), std::move(description)});
  }

  const std::string& IdOf(int node) const { return definition_.nodes[node].id; }

  bool CheckLimits() {
    const size_t before = problems_.size();
    if (definition_.nodes.size() > kMaxNodes) {
      Add("", "nodes", fmt::format("must have at most {} nodes", kMaxNodes));
    }
    if (definition_.edges.size() > kMaxEdges) {
      Add("", "edges", fmt::format("must have at most {} edges", kMaxEdges));
    }
    CheckVariables();
    if (definition_.timeout < absl::ZeroDuration() || definition_.timeout > kMaxExecutionTimeout) {
      Add("", "settings.timeout_seconds",
          fmt::format("must be 0 to {}", absl::ToInt64Seconds(kMaxExecutionTimeout)));
    }
    return problems_.size() == before ||
           (definition_.nodes.size() <= kMaxNodes && definition_.edges.size() <= kMaxEdges);
  }

  void CheckVariables() {
    const Json& variables = definition_.variables;
    if (!variables.is_object()) {
      Add("", "variables", "must be an object");
    } else if (DepthOf(variables) > kMaxJsonDepth) {
      Add("", "variables", fmt::format("must not be nested deeper than {} levels", kMaxJsonDepth));
    } else if (!IsUtf8(variables)) {
      Add("", "variables", "must be UTF-8");
    } else if (graph_->variables_ = variables.dump();
               graph_->variables_.size() > kMaxVariablesBytes) {
      Add("", "variables", fmt::format("must not be larger than {} KiB", kMaxVariablesBytes >> 10));
    }
    graph_->timeout_ = definition_.timeout;
  }

  void AddNodes() {
    for (size_t i = 0; i < definition_.nodes.size(); ++i) {
      AddNode(static_cast<int>(i), fmt::format("nodes[{}]", i));
    }
  }

  void AddNode(int number, const std::string& field) {
    const NodeDefinition& definition = definition_.nodes[number];
    graph_->nodes_.push_back(CompileNode(definition, field, types_, problems_));
    const auto [place, fresh] = graph_->index_.emplace(definition.id, number);
    if (!fresh) {
      Add(definition.id, field + ".id", fmt::format("is also the id of nodes[{}]", place->second));
    }
  }

  int Resolve(const std::string& id, const std::string& field) {
    const auto found = graph_->index_.find(id);
    if (found != graph_->index_.end()) return found->second;
    Add("", field, fmt::format("there is no node \"{}\"", id));
    return -1;
  }

  void AddEdges() {
    std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
    for (size_t i = 0; i < definition_.edges.size(); ++i) {
      const EdgeDefinition& edge = definition_.edges[i];
      const std::string field = fmt::format("edges[{}]", i);
      const int source = Resolve(edge.source, field + ".source");
      const int target = Resolve(edge.target, field + ".target");
      if (!seen.insert({edge.source, edge.target, edge.label, edge.condition}).second) {
        Add("", field,
            fmt::format("repeats the edge from \"{}\" to \"{}\"", edge.source, edge.target));
      }
      graph_->edges_.push_back(
          {source, target, edge.label, CompileCondition(edge, field, problems_)});
      if (source < 0 || target < 0) continue;
      CheckLabel(edge, field, graph_->nodes_[source], problems_);
      if (IsTrigger(target)) {
        Add(edge.target, field + ".target", "an edge can't lead into a trigger");
      }
      const int number = static_cast<int>(graph_->edges_.size()) - 1;
      graph_->nodes_[source].outgoing.push_back(number);
      graph_->nodes_[target].incoming.push_back(number);
    }
  }

  bool IsTrigger(int node) const {
    const NodeType* type = graph_->nodes_[node].type;
    return type != nullptr && type->role() == NodeRole::kTrigger;
  }

  void AddCompensations() {
    for (size_t i = 0; i < graph_->nodes_.size(); ++i) {
      const std::string& undoer = graph_->nodes_[i].definition.compensate_with;
      if (undoer.empty()) continue;
      const std::string field = fmt::format("nodes[{}].compensate_with", i);
      const int compensation = Resolve(undoer, field);
      if (compensation < 0) continue;
      GraphNode& node = graph_->nodes_[compensation];
      if (node.compensates >= 0) {
        Add(IdOf(i), field, fmt::format("\"{}\" undoes \"{}\" already", undoer, IdOf(node.compensates)));
      } else if (!node.incoming.empty() || !node.outgoing.empty()) {
        Add(IdOf(i), field, fmt::format("\"{}\" has edges; a node that undoes another stands apart", undoer));
      } else if (!node.definition.compensate_with.empty()) {
        Add(IdOf(i), field, fmt::format("\"{}\" can't be undone itself", undoer));
      } else if (node.type != nullptr && node.type->role() != NodeRole::kStep) {
        Add(IdOf(i), field, fmt::format("a node of type \"{}\" can't undo another", node.definition.type));
      } else {
        node.compensates = static_cast<int>(i);
        graph_->nodes_[i].compensation = compensation;
      }
    }
  }

  void CheckOutcomes() {
    for (size_t i = 0; i < graph_->nodes_.size(); ++i) {
      const GraphNode& node = graph_->nodes_[i];
      const bool has_error_edge = std::ranges::any_of(
          node.outgoing, [&](int edge) { return graph_->edges_[edge].label == "error"; });
      if (node.definition.on_error == OnError::kErrorEdge && !has_error_edge) {
        Add(node.definition.id, fmt::format("nodes[{}].on_error", i),
            "\"error_edge\" needs an outgoing edge labelled \"error\"");
      }
    }
  }

  void AddQueries() {
    const Json& queries = definition_.queries;
    if (queries.size() > kMaxQueries) {
      return Add("", "settings.queries", fmt::format("must be at most {}", kMaxQueries));
    }
    if (DepthOf(queries) > kMaxJsonDepth || !IsUtf8(queries) || TextSizeOf(queries) > kMaxConfigBytes) {
      return Add("", "settings.queries",
                 fmt::format("must be UTF-8 of at most {} KiB and {} levels", kMaxConfigBytes >> 10, kMaxJsonDepth));
    }
    for (const auto& [name, answer] : queries.items()) {
      const std::string field = fmt::format("settings.queries.{}", name);
      if (!IsNodeId(name)) {
        Add("", field, fmt::format("a query's name must be 1 to {} letters, digits, '_' or '-'", kMaxIdLength));
      }
      absl::StatusOr<JsonTemplate> parsed = JsonTemplate::Parse(answer);
      if (!parsed.ok()) {
        Add("", field, std::string(parsed.status().message()));
        continue;
      }
      graph_->queries_.emplace(name, *std::move(parsed));
    }
  }

  void CheckPromises() {
    for (size_t i = 0; i < graph_->nodes_.size(); ++i) {
      const GraphNode& node = graph_->nodes_[i];
      if (node.program == nullptr) continue;  // config is not fit to be read
      const std::string field = fmt::format("nodes[{}]", i);
      CheckReferences(node, field, [this](std::string_view id) { return graph_->FindNode(id) >= 0; },
                      problems_);
      CheckCount(node, field, graph_->edges_, problems_);
    }
  }

  void CheckTriggers() {
    std::map<std::pair<std::string, std::string>, int> routes;
    bool any = false;
    for (size_t i = 0; i < graph_->nodes_.size(); ++i) {
      const int number = static_cast<int>(i);
      if (!IsTrigger(number)) continue;
      any = true;
      const Json& config = graph_->nodes_[i].definition.config;
      if (graph_->nodes_[i].program == nullptr) continue;  // config is not fit to be read
      GraphTrigger trigger{number, config.value("triggerType", ""), config.value("actionType", "")};
      const auto [other, fresh] =
          routes.emplace(std::pair(trigger.trigger_type, trigger.action_type), number);
      if (!fresh) {
        Add(IdOf(number), fmt::format("nodes[{}].config.actionType", i),
            fmt::format("\"{}\" is triggered by the same", IdOf(other->second)));
      }
      graph_->triggers_.push_back(std::move(trigger));
    }
    if (!any) Add("", "nodes", "must contain a node of type \"trigger\"");
  }

  void CheckShape() {
    std::vector<std::pair<int, int>> arrows;
    for (const GraphEdge& edge : graph_->edges_) {
      if (edge.source >= 0 && edge.target >= 0) arrows.emplace_back(edge.source, edge.target);
    }
    const Shape shape(static_cast<int>(graph_->nodes_.size()), arrows);
    if (const auto cycle = shape.FindCycle()) {
      std::string path;
      for (int node : *cycle) path += fmt::format("{}{}", path.empty() ? "" : " -> ", IdOf(node));
      Add(IdOf(cycle->front()), "edges", fmt::format("the edges form a cycle: {}", path));
    }
    CheckReachable(shape);
    for (const GraphTrigger& trigger : graph_->triggers_) {
      graph_->reachable_.push_back(shape.ReachableFrom({trigger.node}));
      CheckAnswer(trigger.node, graph_->reachable_.back());
    }
  }

  void CheckReachable(const Shape& shape) {
    std::vector<int> starts;
    for (int i = 0; i < static_cast<int>(graph_->nodes_.size()); ++i) {
      if (IsTrigger(i)) starts.push_back(i);
    }
    if (starts.empty()) return;
    const std::vector<bool> reached = shape.ReachableFrom(starts);
    for (size_t i = 0; i < reached.size(); ++i) {
      if (!reached[i] && graph_->nodes_[i].compensates < 0) {
        Add(IdOf(static_cast<int>(i)), fmt::format("nodes[{}]", i),
            "can't be reached from any trigger");
      }
    }
  }

  // A caller that waits for a response needs a node that gives one.
  void CheckAnswer(int trigger, const std::vector<bool>& reached) {
    const Json& config = graph_->nodes_[trigger].definition.config;
    if (config.value("respond", "") != "response") return;
    for (size_t i = 0; i < reached.size(); ++i) {
      const NodeType* type = graph_->nodes_[i].type;
      if (reached[i] && type != nullptr && type->role() == NodeRole::kResponse) return;
    }
    Add(IdOf(trigger), fmt::format("nodes[{}].config.respond", trigger),
        "\"response\" needs a response node that this trigger leads to");
  }

  const Definition& definition_;
  const NodeTypes& types_;
  std::vector<Problem>& problems_;
  const Strictness strictness_;
  std::shared_ptr<Graph> graph_;
};

std::shared_ptr<const Graph> Graph::Compile(const Definition& definition, const NodeTypes& types,
                                            std::vector<Problem>& problems,
                                            Strictness strictness) {
  return GraphBuilder(definition, types, problems, strictness).Build();
}

int Graph::FindNode(std::string_view id) const {
  const auto found = index_.find(absl::string_view(id.data(), id.size()));
  return found == index_.end() ? -1 : found->second;
}

const JsonTemplate* Graph::FindQuery(std::string_view name) const {
  const auto found = queries_.find(absl::string_view(name.data(), name.size()));
  return found == queries_.end() ? nullptr : &found->second;
}

bool Graph::Awaits(std::string_view signal) const {
  return std::ranges::any_of(nodes_, [signal](const GraphNode& node) { return node.program->awaited_signal() == signal; });
}

const std::vector<bool>& Graph::reachable_from(int trigger_node) const {
  const auto found = std::ranges::find(triggers_, trigger_node, &GraphTrigger::node);
  return reachable_[static_cast<size_t>(found - triggers_.begin())];
}

std::vector<GraphScript> Graph::scripts() const {
  std::vector<GraphScript> scripts;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    for (ScriptUse& use : nodes_[i].program->scripts()) {
      scripts.push_back({nodes_[i].definition.id, fmt::format("nodes[{}].{}", i, use.field),
                         std::move(use.script)});
    }
  }
  for (size_t i = 0; i < edges_.size(); ++i) {
    if (edges_[i].condition != nullptr) {
      scripts.push_back({"", fmt::format("edges[{}].condition", i), edges_[i].condition});
    }
  }
  return scripts;
}

}  // namespace penstock::workflow_engine
