// How an execution ends: nodes that completed are undone first, the latest first, by the nodes they name in compensate_with.
#include <algorithm>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "services/workflow_engine/engine/execution.h"

namespace penstock::workflow_engine {

void Execution::End(ExecutionState state, absl::Time now) {
  CancelWhatIsOpen(now);
  if (state == ExecutionState::kCompleted || NextToCompensate() < 0) return Close(state, now);
  ending_ = state;
  SetState(ExecutionState::kRunning, now);
  Emit("workflow.execution.compensating", now);
}

void Execution::CancelWhatIsOpen(absl::Time now) {
  for (size_t n = 0; n < nodes_.size(); ++n) {
    Phase phase = nodes_[n].phase;
    if (phase == Phase::kUnreached || phase == Phase::kDone) continue;
    nodes_[n].output = nullptr;
    Record(static_cast<int>(n), NodeState::kCancelled, "", nodes_[n].last_error, now);
  }
  ready_.clear();
  skipped_.clear();
  outstanding_evaluations_ -= static_cast<int>(evaluations_.size());
  evaluations_.clear();
  effects_.clear();
}

void Execution::Close(ExecutionState state, absl::Time now) {
  ending_.reset();
  SetState(state, now);
  switch (state) {
    case ExecutionState::kCompleted: Emit("workflow.execution.completed", now); break;
    case ExecutionState::kFailed: Emit("workflow.execution.failed", now); break;
    case ExecutionState::kCancelled: Emit("workflow.execution.cancelled", now); break;
    case ExecutionState::kTerminated: Emit("workflow.execution.terminated", now); break;
    default: Emit("workflow.execution.timed_out", now); break;
  }
}

// The node that completed last among those still to be undone; -1 when there is none.
int Execution::NextToCompensate() const {
  int next = -1;
  for (size_t n = 0; n < nodes_.size(); ++n) {
    int compensation = graph_->nodes()[n].compensation;
    const NodeRun& run = nodes_[n];
    if (compensation < 0 || run.phase != Phase::kDone || run.outcome != NodeState::kCompleted) continue;
    if (nodes_[compensation].phase != Phase::kUnreached) continue;
    if (next < 0 || run.sequence > nodes_[next].sequence) next = static_cast<int>(n);
  }
  return next;
}

// One at a time: what came later may rest on what came before.
void Execution::CompensateNext(absl::Time now) {
  int node = NextToCompensate();
  if (node < 0) return Close(*ending_, now);
  int compensation = graph_->nodes()[node].compensation;
  nodes_[compensation].phase = Phase::kReady;
  ++open_count_;
  ready_.push_back(compensation);
}

// {"nodeId", "input", "output"} of the node to undo, and the "error" the execution ends with.
Text Execution::CompensationInput(int compensation) const {
  int node = graph_->nodes()[compensation].compensates;
  auto text = [](const Text& json) -> std::string_view { return json ? std::string_view(*json) : "null"; };
  return MakeText(fmt::format(R"({{"nodeId":{},"input":{},"output":{},"error":{}}})", json::Quoted(graph_->nodes()[node].definition.id),
                              text(nodes_[node].input), text(nodes_[node].output), text(error_)));
}

// After a replay of the rows: what the edges made ready was cancelled when the compensations began.
void Execution::ForgetWhatWasToCome() {
  ready_.clear();
  skipped_.clear();
  for (NodeRun& run : nodes_) {
    if (run.phase == Phase::kReady) run.phase = Phase::kUnreached;
  }
}

}  // namespace penstock::workflow_engine
