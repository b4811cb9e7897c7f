// An execution without an engine: a test plays the sandbox, the clock and the database.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "catch2/catch.hpp"
#include "services/workflow_engine/engine/execution.h"
#include "services/workflow_engine/nodes/builtin.h"

namespace penstock::workflow_engine {

inline const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

inline NodeDefinition Node(std::string id, std::string type, Json config = Json::object()) {
  NodeDefinition node;
  node.name = id;
  node.id = std::move(id);
  node.type = std::move(type);
  node.config = std::move(config);
  return node;
}

inline NodeDefinition Trigger() { return Node("trigger", "trigger", {{"triggerType", "manual"}}); }
inline NodeDefinition Function(std::string id) { return Node(std::move(id), "function", {{"code", "return input;"}}); }

inline EdgeDefinition Edge(std::string source, std::string target, std::string label = "", std::string condition = "") {
  return {std::move(source), std::move(target), std::move(condition), std::move(label)};
}

// Plays the sandbox, the clock and the database for one execution.
class Player {
 public:
  explicit Player(const Definition& definition) : types_(PlatformNodeTypes()) {
    std::vector<Problem> problems;
    graph_ = Graph::Compile(definition, types_, problems);
    for (const Problem& problem : problems) UNSCOPED_INFO(problem.field << ": " << problem.description);
    REQUIRE(graph_ != nullptr);
    auto identity = std::make_shared<ExecutionIdentity>();
    identity->id = ExecutionId::Make(kStart);
    identity->tenant = TenantId::Make(kStart);
    identity->workflow = WorkflowId::Make(kStart);
    identity->version = 1;
    identity->trigger_type = "manual";
    identity->trigger_node = "trigger";
    identity->input = MakeText(R"({"type":"manual","data":{"n":1}})");
    identity->started_at = kStart;
    identity_ = identity;
    execution = std::make_unique<Execution>(identity_, graph_, graph_->FindNode("trigger"), random_);
  }

  void Begin() {
    execution->Begin(now);
    Gather();
  }

  void Gather() {
    for (EvaluationRequest& request : execution->TakeEvaluations()) {
      std::string id = graph_->nodes()[request.node].definition.id;
      if (request.condition >= 0) id += "?" + std::to_string(request.condition);
      asked.emplace(std::move(id), std::move(request));
    }
  }

  void Answer(const std::string& id, sandbox::Outcome outcome) {
    auto found = asked.find(id);
    REQUIRE(found != asked.end());
    EvaluationRequest request = std::move(found->second);
    asked.erase(found);
    execution->OnResult(request.node, request.ticket, request.condition, std::move(outcome), now);
    Gather();
  }
  void Return(const std::string& id, std::string json) {
    sandbox::Outcome outcome;
    outcome.kind = sandbox::OutcomeKind::kValue;
    outcome.value_json = std::move(json);
    Answer(id, std::move(outcome));
  }
  void Throw(const std::string& id) {
    sandbox::Outcome outcome;
    outcome.kind = sandbox::OutcomeKind::kThrew;
    outcome.error_name = "RangeError";
    outcome.error_message = "boom";
    Answer(id, std::move(outcome));
  }

  // As a commit would; keeps what the tables would hold.
  Collected Commit() {
    ChangeSet changes;
    Collected collected = execution->Collect(changes, now);
    for (NodeRow& row : changes.nodes) rows.push_back(row);
    for (const NodeKey& key : changes.closed_nodes) open.erase(std::string(key.node_id));
    for (const OpenNodeRow& row : changes.open_nodes) open[std::string(row.node_id)] = row;
    for (const TimerRow& row : changes.cancelled_timers) timers.erase(std::string(row.node_id));
    for (const TimerRow& row : changes.timers) timers[std::string(row.node_id)] = row;
    for (const ExecutionRow& row : changes.executions) execution_rows.push_back(row);
    for (const EventRow& row : changes.events) events.emplace_back(row.type);
    for (const SignalRow& row : changes.signals) signals.push_back(row);
    return collected;
  }

  // What a crash leaves is what was committed.
  void Crash() {
    RestoredExecution stored{.identity = identity_, .graph = graph_, .trigger_node = graph_->FindNode("trigger"),
                             .state = execution_rows.back().state, .ending = execution_rows.back().ending,
                             .error = execution_rows.back().error, .nodes = {}, .open = {}, .signals = {}};
    for (const NodeRow& row : rows) {
      stored.nodes.push_back({graph_->FindNode(row.node_id), row.sequence, row.visit, row.attempt, row.state, row.branch, row.taken_edges, row.input,
                              row.output, row.error, row.answer_head});
    }
    for (const auto& [id, row] : open) {
      stored.open.push_back({graph_->FindNode(id), row.visit, row.attempt, row.held_by, row.wake_at, row.last_error, row.first_started_at, row.started_at});
    }
    for (const SignalRow& row : signals) stored.signals.push_back({row.name, row.dedupe_id, row.payload});
    asked.clear();
    execution = Execution::Restore(std::move(stored), random_);
    execution->Continue(now);
    Gather();
  }

  absl::Status Receive(Signal signal) {
    absl::Status status = execution->Receive(std::move(signal), now);
    Gather();
    return status;
  }

  void Fire(const std::string& id) {
    TimerRow timer = timers.at(id);
    now = timer.fires_at;
    execution->OnTimer(graph_->FindNode(id), timer.visit, timer.fires_at, now);
    Gather();
  }

  std::vector<std::string> Recorded() const {
    std::vector<std::string> recorded;
    for (const NodeRow& row : rows) recorded.push_back(std::string(row.node_id) + " " + std::string(NodeStateName(row.state)));
    return recorded;
  }

  std::string InputOf(const std::string& id) const {
    for (const NodeRow& row : rows) {
      if (row.node_id == id) return row.input ? *row.input : "none";
    }
    return "unrecorded";
  }

  absl::Time now = kStart;
  std::unique_ptr<Execution> execution;
  std::map<std::string, EvaluationRequest> asked;
  std::vector<NodeRow> rows;
  std::vector<ExecutionRow> execution_rows;
  std::vector<std::string> events;
  std::map<std::string, OpenNodeRow> open;
  std::map<std::string, TimerRow> timers;
  std::vector<SignalRow> signals;

 private:
  NodeTypes types_;
  absl::BitGen random_;
  std::shared_ptr<const Graph> graph_;
  std::shared_ptr<const ExecutionIdentity> identity_;
};

}  // namespace penstock::workflow_engine
