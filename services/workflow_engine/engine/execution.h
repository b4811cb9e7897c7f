// One execution in memory: where each node stands, and what happens next.
//
// Pure: it reads no clock, does no I/O and knows no threads. Events go in (Begin, OnResult, OnTimer, Cancel, ...); each carries the execution
// as far as inline nodes can. What must be done comes out as requests (TakeEvaluations) or, once recorded, as effects
// and timers (Collect). Graph rules: an edge is decided when its source has an outcome; a node whose incoming edges are all decided runs
// if one was taken and is skipped otherwise; a join may need fewer.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/random/bit_gen_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/domain/graph.h"
#include "services/workflow_engine/engine/changes.h"

namespace penstock::workflow_engine {

// A call into the sandbox that a node waits for.
struct EvaluationRequest {
  int node = 0;
  uint64_t ticket = 0;  // tells a late result from the current one
  int condition = -1;   // position among the node's outgoing edges; -1 = the node's own program
  Evaluate step;
};

// An effect whose intent is in the ChangeSet that came with it.
struct EffectRequest {
  int node = 0;
  uint64_t ticket = 0;
  std::variant<PerformHttp, CallService> step;
};

// A wake-up whose row is in the ChangeSet that came with it.
struct ArmedTimer {
  TimerPurpose purpose = TimerPurpose::kNode;
  int node = -1;
  int visit = 0;
  absl::Time fires_at;
};

// What Collect hands over besides rows.
struct Collected {
  std::vector<EffectRequest> effects;
  std::vector<ArmedTimer> timers;
};

// One open_nodes row as recovery reads it.
struct RestoredOpenNode {
  int node = 0;
  int visit = 1;
  int attempt = 1;
  HeldBy held_by = HeldBy::kLease;
  std::optional<absl::Time> wake_at;
  Text last_error;
  absl::Time first_started_at;
  absl::Time started_at;
};

// One node_executions row as recovery reads it.
struct RestoredNode {
  int node = 0;
  int sequence = 0;
  int visit = 1;
  int attempt = 1;
  NodeState state = NodeState::kCompleted;
  std::string branch;
  std::optional<std::vector<int32_t>> taken_edges;
  Text input;
  Text output;
  Text error;
  Text answer_head;
};

struct RestoredSignal {
  std::string name;
  std::string dedupe_id;
  Text payload;
};

// A signal as its sender gave it.
struct Signal {
  std::string name;
  std::string dedupe_id;  // may be empty
  Text payload;           // JSON text; not null
};

// Everything recovery reads of an execution that is not over.
struct RestoredExecution {
  std::shared_ptr<const ExecutionIdentity> identity;
  std::shared_ptr<const Graph> graph;
  int trigger_node = 0;
  ExecutionState state = ExecutionState::kRunning;
  std::optional<ExecutionState> ending;
  Text error;
  std::vector<RestoredNode> nodes;
  std::vector<RestoredOpenNode> open;
  std::vector<RestoredSignal> signals;  // all there were, in order
};

class Execution {
 public:
  Execution(std::shared_ptr<const ExecutionIdentity> identity, std::shared_ptr<const Graph> graph, int trigger_node,
            absl::BitGenRef random);

  // An execution that is not over, from its rows. Afterwards it stands where the last commit left it; call Continue() to go on.
  static std::unique_ptr<Execution> Restore(RestoredExecution rows, absl::BitGenRef random);

  // ---- Events.
  void Begin(absl::Time now);
  void Continue(absl::Time now);  // after Restore: runs again what ran, runs what is ready
  // Writes the timers of waiting nodes anew, for when a row of one was found missing.
  void Rearm();
  void OnResult(int node, uint64_t ticket, int condition, const StepResult& result, absl::Time now);
  void OnTimer(int node, int visit, absl::Time fires_at, absl::Time now);
  void OnExecutionTimeout(absl::Time now);
  // Ends it as FAILED for a reason that is not a node's; one that was ending already ends at once.
  void FailWhole(std::string_view type, std::string_view message, absl::Time now);
  // FAILED_PRECONDITION when the execution is over or ending, or not paused/paused already. Cancelling a cancelled one is OK.
  absl::Status Cancel(std::string_view reason, absl::Time now);
  // Ends it at once, also while it compensates: nothing is undone any more. FAILED_PRECONDITION when it is over; OK when it was terminated.
  absl::Status Terminate(std::string_view reason, absl::Time now);
  absl::Status Pause(absl::Time now);
  absl::Status Resume(absl::Time now);
  // FAILED_PRECONDITION as above, or (reason UNKNOWN_SIGNAL) when no node waits for such; RESOURCE_EXHAUSTED past 10,000 signals. One that came
  // before by the same dedupe_id is OK and changes nothing.
  absl::Status Receive(Signal signal, absl::Time now);

  // ---- What it wants.
  std::vector<EvaluationRequest> TakeEvaluations() { return std::exchange(evaluations_, {}); }
  int outstanding_evaluations() const { return outstanding_evaluations_; }
  // Something to record.
  bool has_changes() const;
  // Something that can't go on before it is recorded: an effect, a timer, a change of state.
  bool wants_commit() const { return wants_commit_; }
  // Moves what there is to record into `changes`. Everything so far counts as recorded from here on.
  Collected Collect(ChangeSet& changes, absl::Time now);

  // ---- What it is.
  const ExecutionIdentity& identity() const { return *identity_; }
  std::shared_ptr<const ExecutionIdentity> shared_identity() const { return identity_; }
  const Graph& graph() const { return *graph_; }
  ExecutionState state() const { return state_; }
  bool over() const { return IsOver(state_); }
  const Text& result() const { return result_; }
  const Text& error() const { return error_; }
  // Of the first response node, once it ran.
  const std::optional<Complete::Response>& response() const { return response_; }
  // True when nothing is under way but timers and tokens: it may leave memory.
  bool idle() const;
  // The earliest wake-up; InfiniteFuture when none.
  absl::Time next_wake() const;

 private:
  class Context;

  enum class Phase : uint8_t {
    kUnreached,  // incoming edges not decided
    kReady,      // will run in this turn
    kRunning,    // an evaluation or effect is under way
    kDeciding,   // has its output; conditions of its edges are under way
    kWaiting,    // for wake_at
    kAwaiting,   // a signal, or wake_at
    kHeld,       // failed; goes on when the execution is resumed
    kQueued,     // would run, were the execution not paused
    kDone,
  };

  struct NodeRun {
    Phase phase = Phase::kUnreached;
    NodeState outcome = NodeState::kCompleted;  // when kDone
    bool retrying = false;                      // kWaiting: for the next attempt, not for the program
    bool wait_over = false;                     // kQueued: behind its wait, whose time has come; else before an attempt
    int visit = 1;
    int attempt = 0;
    int sequence = 0;  // of its outcome, when kDone
    int undecided_in = 0;
    int taken_in = 0;
    uint64_t ticket = 0;
    absl::Time first_started_at;
    absl::Time started_at;
    absl::Time wake_at = absl::InfiniteFuture();
    Text input;
    Text output;
    Text last_error;
    Text signal;  // taken for this attempt; given back should it fail
    std::optional<Complete> deciding;
    std::vector<int32_t> taken_edges;
    int conditions_left = 0;
    // What the database has.
    bool row_open = false;
    bool row_timer = false;
    bool touched = false;
  };

  enum class EdgeState : uint8_t { kUndecided, kTaken, kNotTaken };

  void Drain(absl::Time now);
  void LeaveQueue(int node, absl::Time now);
  void Await(int node, AwaitSignal await, absl::Time now);
  void HandOverSignals(absl::Time now);
  void TakeSignal(int node, absl::Time now);
  bool HasSignal(std::string_view name) const;
  void RestoreSignals(std::vector<RestoredSignal> signals, const std::vector<RestoredNode>& outcomes);
  void StartAttempt(int node, absl::Time now);
  void Handle(int node, Step step, absl::Time now);
  void CompleteNode(int node, Complete complete, absl::Time now);
  void OnCondition(int node, int condition, const sandbox::Outcome& outcome, absl::Time now);
  void FinishDeciding(int node, absl::Time now);
  void FailAttempt(int node, const NodeError& error, absl::Time now);
  void Exhausted(int node, const NodeError& error, absl::Time now);
  void Record(int node, NodeState state, const std::string& branch, Text error, absl::Time now);
  void DecideEdges(int node, const std::string& branch);
  void DecideEdge(int edge, bool taken);
  void Skip(int node, absl::Time now);
  // Cancels what is open; then the compensations, if there are any, and then the end.
  void End(ExecutionState state, absl::Time now);
  void CancelWhatIsOpen(absl::Time now);
  void Close(ExecutionState state, absl::Time now);
  int NextToCompensate() const;
  void CompensateNext(absl::Time now);
  Text CompensationInput(int compensation) const;
  void ForgetWhatWasToCome();
  void SetState(ExecutionState state, absl::Time now);
  void Emit(std::string_view type, absl::Time now, std::string_view more = {});
  Text InputOf(int node) const;
  Text FinalResult() const;
  bool BranchTakes(const GraphEdge& edge, std::string_view branch) const;
  bool ResponseNode(int node) const;
  void Touch(int node);
  void CollectOpenNodes(ChangeSet& changes, Collected& collected);
  std::string_view ExecutionJson() const;

  std::shared_ptr<const ExecutionIdentity> identity_;
  std::shared_ptr<const Graph> graph_;
  int trigger_node_;
  absl::BitGenRef random_;

  ExecutionState state_ = ExecutionState::kRunning;
  std::optional<ExecutionState> ending_;  // what it will be when its compensations are done; they run now
  Text result_;
  Text error_;
  std::optional<Complete::Response> response_;
  std::vector<NodeRun> nodes_;
  std::vector<EdgeState> edges_;
  int sequence_ = 0;
  uint64_t next_ticket_ = 1;
  int open_count_ = 0;  // nodes between kReady and kQueued
  absl::flat_hash_map<std::string, std::deque<Text>> signals_;  // not received yet, by name
  absl::flat_hash_set<std::string> signal_ids_;                 // of all there were
  int signal_count_ = 0;
  mutable std::string execution_json_;

  // Work of this turn.
  std::vector<int> ready_;
  std::vector<int> skipped_;
  std::vector<EvaluationRequest> evaluations_;
  int outstanding_evaluations_ = 0;

  // Not recorded yet.
  std::vector<NodeRow> rows_;
  std::vector<EventRow> events_;
  std::vector<EffectRequest> effects_;
  std::vector<SignalRow> signal_rows_;
  std::vector<int> touched_;
  bool is_new_ = true;
  bool state_changed_ = true;
  bool wants_commit_ = false;
  bool timeout_armed_ = false;
};

// {"type": ..., "message": ..., "stack": ..., "nodeId": ...} as the error columns hold it.
Text ErrorJson(std::string_view type, std::string_view message, std::string_view stack, std::string_view node_id);

}  // namespace penstock::workflow_engine
