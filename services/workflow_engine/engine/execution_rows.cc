// An execution as rows, and back: Collect writes what a turn decided, Restore reads what the last commit left.
#include <algorithm>
#include <utility>

#include "services/workflow_engine/engine/execution.h"
#include "services/workflow_engine/engine/kept_answer.h"

namespace penstock::workflow_engine {

Collected Execution::Collect(ChangeSet& changes, absl::Time now) {
  Collected collected;
  if (is_new_ || state_changed_) {
    changes.executions.push_back({.identity = identity_,
                                  .is_new = is_new_,
                                  .state = state_,
                                  .ending = ending_,
                                  .result = result_,
                                  .error = error_,
                                  .updated_at = now});
  }
  if (is_new_ && !over()) changes.opened.push_back(identity_.get());
  if (!is_new_ && over()) changes.closed.push_back(identity_->id);
  const bool has_timeout = graph_->timeout() > absl::ZeroDuration();
  TimerRow timeout{.execution = identity_->id,
                   .tenant = identity_->tenant,
                   .purpose = TimerPurpose::kExecutionTimeout,
                   .node_id = {},
                   .visit = 0,
                   .fires_at = identity_->started_at + graph_->timeout()};
  if (has_timeout && !over() && !ending_ && !timeout_armed_) {
    timeout_armed_ = true;
    changes.timers.push_back(timeout);
    collected.timers.push_back({TimerPurpose::kExecutionTimeout, -1, 0, timeout.fires_at});
  } else if (timeout_armed_ && (over() || ending_)) {
    timeout_armed_ = false;
    changes.cancelled_timers.push_back(timeout);
  }
  CollectOpenNodes(changes, collected);
  std::move(rows_.begin(), rows_.end(), std::back_inserter(changes.nodes));
  rows_.clear();
  std::move(events_.begin(), events_.end(), std::back_inserter(changes.events));
  events_.clear();
  std::move(signal_rows_.begin(), signal_rows_.end(), std::back_inserter(changes.signals));
  signal_rows_.clear();
  collected.effects = std::exchange(effects_, {});
  changes.shards.push_back(ShardOf(identity_->id));
  changes.keep_alive.push_back(graph_);
  is_new_ = false;
  state_changed_ = false;
  wants_commit_ = false;
  return collected;
}

void Execution::CollectOpenNodes(ChangeSet& changes, Collected& collected) {
  for (int node : touched_) {
    NodeRun& run = nodes_[node];
    run.touched = false;
    const std::string& id = graph_->nodes()[node].definition.id;
    bool awaits = run.phase == Phase::kAwaiting;
    bool waits = run.phase == Phase::kWaiting || (awaits && run.wake_at < absl::InfiniteFuture());
    TimerRow timer{.execution = identity_->id,
                   .tenant = identity_->tenant,
                   .purpose = TimerPurpose::kNode,
                   .node_id = id,
                   .visit = run.visit,
                   .fires_at = run.wake_at};
    if (waits) {
      changes.timers.push_back(timer);
      collected.timers.push_back({TimerPurpose::kNode, node, run.visit, run.wake_at});
    } else if (run.row_timer) {
      changes.cancelled_timers.push_back(timer);
    }
    run.row_timer = waits;
    if (run.phase == Phase::kDone || run.phase == Phase::kUnreached) {
      if (std::exchange(run.row_open, false)) changes.closed_nodes.push_back({identity_->id, id, run.visit});
      continue;
    }
    OpenNodeRow row{.execution = identity_->id,
                    .tenant = identity_->tenant,
                    .node_id = id,
                    .visit = run.visit,
                    .attempt = run.attempt,
                    .state = waits || awaits ? NodeState::kWaiting : NodeState::kRunning,
                    .held_by = HeldBy::kLease,
                    .wake_at = std::nullopt,
                    .token = std::nullopt,
                    .last_error = run.last_error,
                    .first_started_at = run.first_started_at,
                    .started_at = run.started_at};
    if (awaits) row.held_by = HeldBy::kSignal;
    if (waits) {
      if (!awaits) row.held_by = HeldBy::kTimer;
      row.wake_at = run.wake_at;
    } else if (run.phase == Phase::kHeld) {
      row.held_by = HeldBy::kToken;
      row.state = NodeState::kWaiting;
      row.token = identity_->id.uuid();  // whoever resumes the execution brings it
    } else if (run.phase == Phase::kQueued) {
      row.held_by = HeldBy::kQueue;
      row.state = NodeState::kPending;
      if (run.wait_over) row.wake_at = run.wake_at;
    }
    run.row_open = true;
    changes.open_nodes.push_back(std::move(row));
  }
  touched_.clear();
}

// ---- Recovery.

std::unique_ptr<Execution> Execution::Restore(RestoredExecution rows, absl::BitGenRef random) {
  auto execution = std::make_unique<Execution>(std::move(rows.identity), std::move(rows.graph), rows.trigger_node, random);
  Execution& e = *execution;
  e.state_ = rows.state;
  e.ending_ = rows.ending;
  e.error_ = std::move(rows.error);
  e.is_new_ = false;
  e.state_changed_ = false;
  e.timeout_armed_ = !e.ending_ && e.graph_->timeout() > absl::ZeroDuration();
  std::vector<bool> is_open(e.nodes_.size(), false);
  for (const RestoredOpenNode& row : rows.open) is_open[row.node] = true;
  e.RestoreSignals(std::move(rows.signals), rows.nodes);
  // Rows come in the order of recording, so every edge is decided as it was the first time.
  for (const RestoredNode& row : rows.nodes) {
    NodeRun& run = e.nodes_[row.node];
    e.sequence_ = std::max(e.sequence_, row.sequence);
    run.visit = row.visit;
    run.attempt = row.attempt;
    run.input = row.input;
    run.last_error = row.error;
    if (row.state == NodeState::kFailed && is_open[row.node]) continue;  // tried again
    run.output = row.output;
    run.phase = Phase::kDone;
    run.outcome = row.state;
    run.sequence = row.sequence;
    if (row.taken_edges) run.taken_edges = *row.taken_edges;
    if (row.state == NodeState::kSkipped) {
      for (int edge : e.graph_->nodes()[row.node].outgoing) e.DecideEdge(edge, false);
    } else {
      e.DecideEdges(row.node, row.branch);
      if (!e.response_ && row.output && row.state == NodeState::kCompleted && e.ResponseNode(row.node)) {
        e.result_ = row.output;
        e.response_ = KeptAnswer(*row.output, row.answer_head);
      }
    }
  }
  for (const RestoredOpenNode& row : rows.open) {
    NodeRun& run = e.nodes_[row.node];
    if (run.phase == Phase::kUnreached) ++e.open_count_;
    run.visit = row.visit;
    run.attempt = row.attempt;
    run.last_error = row.last_error;
    run.first_started_at = row.first_started_at;
    run.started_at = row.started_at;
    run.row_open = true;
    if (!run.input) run.input = e.InputOf(row.node);
    switch (row.held_by) {
      case HeldBy::kLease: run.phase = Phase::kRunning; break;
      case HeldBy::kToken: run.phase = Phase::kHeld; break;
      case HeldBy::kQueue:
        run.phase = Phase::kQueued;
        run.wait_over = row.wake_at.has_value();
        run.wake_at = row.wake_at.value_or(absl::InfiniteFuture());
        break;
      case HeldBy::kSignal:
        run.phase = Phase::kAwaiting;
        run.wake_at = row.wake_at.value_or(absl::InfiniteFuture());
        run.row_timer = row.wake_at.has_value();
        break;
      case HeldBy::kTimer:
        run.phase = Phase::kWaiting;
        run.wake_at = row.wake_at.value_or(absl::InfinitePast());
        run.row_timer = true;
        // A wait of the program has not been through a failed attempt of the same number.
        run.retrying = row.last_error != nullptr;
        break;
    }
  }
  // What the replay found ready has either run (done or open) or was never started.
  auto settled = [&e](int node) { return e.nodes_[node].phase != Phase::kReady; };
  std::erase_if(e.ready_, settled);
  std::erase_if(e.skipped_, [&e](int node) { return e.nodes_[node].phase != Phase::kUnreached; });
  if (e.ending_) e.ForgetWhatWasToCome();
  e.open_count_ = 0;
  for (const NodeRun& run : e.nodes_) {
    if (run.phase != Phase::kUnreached && run.phase != Phase::kDone) ++e.open_count_;
  }
  return execution;
}

}  // namespace penstock::workflow_engine
