#include "services/workflow_engine/ops/execution_query.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/status/details.h"
#include "services/workflow_engine/nodes/node_type.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::string_view kGetState = "getState";

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json::parse(text); }

Json ToJson(const std::optional<Progress>& progress) {
  if (!progress) return Json();
  return {{"status", progress->status}, {"percent", progress->percent}};
}

// What a query's templates may read: all that is on record.
class RecordContext final : public NodeContext {
 public:
  RecordContext(const ExecutionRecord& execution, const Graph& graph, absl::Time now)
      : execution_(execution), graph_(graph), now_(now) {
    Json self = {{"id", execution.id.ToString()},
                 {"workflowId", execution.workflow.ToString()},
                 {"version", execution.version},
                 {"state", ExecutionStateName(execution.state)},
                 {"ending", execution.ending ? Json(ExecutionStateName(*execution.ending)) : Json()},
                 {"startedAt", absl::FormatTime(absl::RFC3339_full, execution.started_at, absl::UTCTimeZone())},
                 {"progress", ToJson(ProgressOf(execution, graph))},
                 {"result", OrNull(execution.result)},
                 {"error", OrNull(execution.error)}};
    self_ = self.dump();
  }

  std::string_view input() const override { return "{}"; }
  std::vector<std::string> completed_nodes() const override {
    std::vector<std::string> ids;
    for (const NodeRecord& node : execution_.nodes) {
      if (HasOutput(node)) ids.push_back(node.node_id);
    }
    return ids;
  }
  std::optional<std::string_view> output_of(std::string_view node_id) const override {
    std::optional<std::string_view> output;
    for (const NodeRecord& node : execution_.nodes) {
      if (node.node_id == node_id && HasOutput(node)) output = node.output;  // the latest visit
    }
    return output;
  }
  std::string_view variables() const override { return graph_.variables(); }
  std::string_view trigger() const override { return execution_.input; }
  std::string_view execution() const override { return self_; }
  int attempt() const override { return 1; }
  std::string_view idempotency_key() const override { return ""; }
  absl::Time now() const override { return now_; }

 private:
  static bool HasOutput(const NodeRecord& node) { return node.completed_at && !node.output.empty(); }

  const ExecutionRecord& execution_;
  const Graph& graph_;
  const absl::Time now_;
  std::string self_;
};

std::string StateOf(const ExecutionRecord& execution, const Graph& graph) {
  Json nodes = Json::object();
  for (const NodeRecord& node : execution.nodes) nodes[node.node_id] = NodeStateName(node.state);
  return Json{{"state", ExecutionStateName(execution.state)},
              {"progress", ToJson(ProgressOf(execution, graph))},
              {"nodes", std::move(nodes)},
              {"error", OrNull(execution.error)}}
      .dump();
}

// Later than all that have an outcome is what is open, the latest begun last.
bool IsLater(const NodeRecord& a, const NodeRecord& b) {
  if ((a.sequence == 0) != (b.sequence == 0)) return a.sequence == 0;
  return a.sequence == 0 ? a.started_at >= b.started_at : a.sequence > b.sequence;
}

}  // namespace

std::optional<Progress> ProgressOf(const ExecutionRecord& execution, const Graph& graph) {
  const NodeRecord* latest = nullptr;
  std::optional<Progress> progress;
  for (const NodeRecord& node : execution.nodes) {
    const int index = graph.FindNode(node.node_id);
    if (index < 0 || node.state == NodeState::kSkipped) continue;
    const std::optional<Progress>& own = graph.nodes()[index].definition.progress;
    if (!own || (latest != nullptr && !IsLater(node, *latest))) continue;
    latest = &node;
    progress = own;
  }
  const bool speaks = std::ranges::any_of(graph.nodes(), [](const GraphNode& node) { return node.definition.progress.has_value(); });
  if (!speaks) return std::nullopt;
  if (!progress) progress = Progress{.status = "started", .percent = 0};
  if (IsOver(execution.state)) progress->status = absl::AsciiStrToLower(std::string(ExecutionStateName(execution.state)));
  if (execution.state == ExecutionState::kCompleted) progress->percent = 100;
  return progress;
}

absl::StatusOr<std::string> AnswerQuery(const ExecutionRecord& execution, const Graph& graph, std::string_view name, absl::Time now) {
  if (name.empty()) name = kGetState;
  if (const JsonTemplate* query = graph.FindQuery(name)) return query->Render(RecordContext(execution, graph, now));
  if (name == kGetState) return StateOf(execution, graph);
  return WithReason(absl::NotFoundError(fmt::format("the execution's workflow has no query \"{}\"", name)), "UNKNOWN_QUERY");
}

}  // namespace penstock::workflow_engine
