#include "services/workflow_engine/engine/execution.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/details.h"
#include "services/workflow_engine/domain/call_depth.h"
#include "services/workflow_engine/engine/kept_answer.h"
#include "services/workflow_engine/engine/execution_context.h"
#include "services/workflow_engine/engine/retry.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::string_view kErrorBranch = "error";

Text NullJson() {
  static const Text null = MakeText("null");
  return null;
}

}  // namespace

Text ErrorJson(std::string_view type, std::string_view message, std::string_view stack,
               std::string_view node_id) {
  std::string json = R"({"type":)";
  json::AppendQuoted(json, type);
  json += R"(,"message":)";
  json::AppendQuoted(json, message);
  if (!stack.empty()) {
    json += R"(,"stack":)";
    json::AppendQuoted(json, stack);
  }
  if (!node_id.empty()) {
    json += R"(,"nodeId":)";
    json::AppendQuoted(json, node_id);
  }
  json += '}';
  return MakeText(std::move(json));
}

Execution::Execution(std::shared_ptr<const ExecutionIdentity> identity,
                     std::shared_ptr<const Graph> graph, int trigger_node, absl::BitGenRef random)
    : identity_(std::move(identity)),
      graph_(std::move(graph)),
      trigger_node_(trigger_node),
      random_(random),
      nodes_(graph_->nodes().size()),
      edges_(graph_->edges().size(), EdgeState::kUndecided) {
  // Edges from nodes that this trigger never reaches are decided from the start: not taken.
  const std::vector<bool>& reachable = graph_->reachable_from(trigger_node_);
  for (size_t e = 0; e < edges_.size(); ++e) {
    const GraphEdge& edge = graph_->edges()[e];
    if (reachable[edge.source]) {
      ++nodes_[edge.target].undecided_in;
    } else {
      edges_[e] = EdgeState::kNotTaken;
    }
  }
}

std::string_view Execution::ExecutionJson() const {
  if (execution_json_.empty()) {
    execution_json_ = fmt::format(
        R"({{"id":"{}","workflowId":"{}","tenantId":"{}","version":{},"startedAt":"{}")",
        identity_->id.ToString(), identity_->workflow.ToString(), identity_->tenant.ToString(),
        identity_->version, absl::FormatTime(absl::RFC3339_full, identity_->started_at, absl::UTCTimeZone()));
    if (const int depth = CallDepthOf(identity_->idempotency_key); depth > 0) {
      execution_json_ += fmt::format(R"(,"callDepth":{})", depth);
    }
    execution_json_ += '}';
  }
  return execution_json_;
}

// ---- Events.

void Execution::Begin(absl::Time now) {
  Emit("workflow.execution.started", now);
  nodes_[trigger_node_].phase = Phase::kReady;
  ready_.push_back(trigger_node_);
  ++open_count_;
  Drain(now);
}

void Execution::Continue(absl::Time now) {
  for (size_t n = 0; n < nodes_.size(); ++n) {
    // Held by the lease of an owner that is gone, or by the queue of a pause that is over: the attempt runs (again).
    NodeRun& run = nodes_[n];
    int node = static_cast<int>(n);
    if (run.phase == Phase::kQueued && state_ == ExecutionState::kRunning) {
      LeaveQueue(node, now);
    } else if (run.phase == Phase::kRunning) {
      --run.attempt;  // the same attempt: it has no outcome
      run.phase = Phase::kReady;
      ready_.push_back(node);
    }
  }
  HandOverSignals(now);
  Drain(now);
}

void Execution::Rearm() {
  for (size_t n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n].wake_at == absl::InfiniteFuture() || (nodes_[n].phase != Phase::kWaiting && nodes_[n].phase != Phase::kAwaiting)) continue;
    Touch(static_cast<int>(n));
    wants_commit_ = true;
  }
}

void Execution::OnResult(int node, uint64_t ticket, int condition, const StepResult& result,
                         absl::Time now) {
  if (std::holds_alternative<sandbox::Outcome>(result)) --outstanding_evaluations_;
  NodeRun& run = nodes_[node];
  if (over() || run.ticket != ticket) return;  // cancelled, or an older attempt: nobody waits for it
  if (condition >= 0) {
    OnCondition(node, condition, std::get<sandbox::Outcome>(result), now);
  } else if (run.phase == Phase::kRunning) {
    Context context(*this, node, now);
    Handle(node, graph_->nodes()[node].program->Resume(context, result), now);
  }
  Drain(now);
}

void Execution::OnTimer(int node, int visit, absl::Time fires_at, absl::Time now) {
  NodeRun& run = nodes_[node];
  const bool waits = run.phase == Phase::kWaiting || run.phase == Phase::kAwaiting;
  if (over() || !waits || run.visit != visit || run.wake_at != fires_at) return;
  run.wait_over = !run.retrying;
  run.phase = Phase::kQueued;
  Touch(node);
  if (state_ == ExecutionState::kPaused) {
    wants_commit_ = true;
    return;
  }
  LeaveQueue(node, now);
  Drain(now);
}

// A node whose turn has come goes on: after its wait where that was what it queued behind, else with an attempt.
void Execution::LeaveQueue(int node, absl::Time now) {
  NodeRun& run = nodes_[node];
  Touch(node);
  run.wake_at = absl::InfiniteFuture();
  if (std::exchange(run.wait_over, false)) {
    run.phase = Phase::kRunning;
    Context context(*this, node, now);
    Handle(node, graph_->nodes()[node].program->Resume(context, TimerFired{}), now);
  } else {
    run.phase = Phase::kReady;
    ready_.push_back(node);
  }
}

void Execution::OnExecutionTimeout(absl::Time now) {
  if (over() || ending_) return;
  error_ = ErrorJson("TIMEOUT", fmt::format("the execution took longer than {}", absl::FormatDuration(graph_->timeout())), "", "");
  End(ExecutionState::kTimedOut, now);
  Drain(now);
}

void Execution::FailWhole(std::string_view type, std::string_view message, absl::Time now) {
  if (over()) return;
  // What can't be recorded while compensating would not be the second time either.
  if (ending_) return Close(*ending_, now);
  error_ = ErrorJson(type, message, "", "");
  End(ExecutionState::kFailed, now);
  Drain(now);
}

absl::Status Execution::Cancel(std::string_view reason, absl::Time now) {
  ExecutionState end = ending_.value_or(state_);
  if (end == ExecutionState::kCancelled) return absl::OkStatus();
  if (over() || ending_) {
    return WithReason(absl::FailedPreconditionError(fmt::format("the execution {} as {}", over() ? "has ended" : "is ending, after its compensations,",
                                                                ExecutionStateName(end))),
                      "ALREADY_ENDED");
  }
  error_ = ErrorJson("CANCELLED", reason.empty() ? "cancelled" : reason, "", "");
  End(ExecutionState::kCancelled, now);
  Drain(now);
  return absl::OkStatus();
}

absl::Status Execution::Terminate(std::string_view reason, absl::Time now) {
  if (state_ == ExecutionState::kTerminated) return absl::OkStatus();
  if (over()) {
    return WithReason(absl::FailedPreconditionError(fmt::format("the execution has ended as {}", ExecutionStateName(state_))), "ALREADY_ENDED");
  }
  error_ = ErrorJson("TERMINATED", reason.empty() ? "terminated" : reason, "", "");
  CancelWhatIsOpen(now);
  Close(ExecutionState::kTerminated, now);
  return absl::OkStatus();
}

absl::Status Execution::Pause(absl::Time now) {
  if (state_ == ExecutionState::kPaused) return absl::OkStatus();
  if (state_ != ExecutionState::kRunning) {
    return WithReason(absl::FailedPreconditionError(fmt::format(
                          "only a running execution can be paused; this one is {}", ExecutionStateName(state_))),
                      "NOT_RUNNING");
  }
  SetState(ExecutionState::kPaused, now);
  Emit("workflow.execution.paused", now);
  return absl::OkStatus();
}

absl::Status Execution::Resume(absl::Time now) {
  if (state_ == ExecutionState::kRunning) return absl::OkStatus();
  if (state_ != ExecutionState::kPaused) {
    return WithReason(absl::FailedPreconditionError(fmt::format(
                          "only a paused execution can be resumed; this one is {}", ExecutionStateName(state_))),
                      "NOT_PAUSED");
  }
  SetState(ExecutionState::kRunning, now);
  Emit("workflow.execution.resumed", now);
  for (size_t n = 0; n < nodes_.size() && !over(); ++n) {
    if (nodes_[n].phase == Phase::kQueued || nodes_[n].phase == Phase::kHeld) LeaveQueue(static_cast<int>(n), now);
  }
  HandOverSignals(now);
  Drain(now);
  return absl::OkStatus();
}

// ---- The turn.

void Execution::Drain(absl::Time now) {
  while (!over()) {
    if (!skipped_.empty()) {
      int node = skipped_.back();
      skipped_.pop_back();
      Skip(node, now);
    } else if (ready_.empty()) {
      if (!ending_ || open_count_ > 0) break;
      CompensateNext(now);
    } else {
      int node = ready_.back();
      ready_.pop_back();
      if (state_ == ExecutionState::kPaused) {
        nodes_[node].phase = Phase::kQueued;
        Touch(node);
        wants_commit_ = true;
      } else {
        StartAttempt(node, now);
      }
    }
  }
  if (!over() && !ending_ && open_count_ == 0 && skipped_.empty()) {
    if (!result_) result_ = FinalResult();
    End(ExecutionState::kCompleted, now);
  }
}

void Execution::StartAttempt(int node, absl::Time now) {
  NodeRun& run = nodes_[node];
  ++run.attempt;
  run.retrying = false;
  run.phase = Phase::kRunning;
  run.started_at = now;
  run.last_error = nullptr;
  if (run.attempt == 1) run.first_started_at = now;
  if (!run.input) run.input = InputOf(node);
  if (run.row_open) Touch(node);
  Context context(*this, node, now);
  Handle(node, graph_->nodes()[node].program->Begin(context), now);
}

void Execution::Handle(int node, Step step, absl::Time now) {
  NodeRun& run = nodes_[node];
  run.ticket = next_ticket_++;
  const absl::Duration timeout = graph_->nodes()[node].timeout;
  if (auto* complete = std::get_if<Complete>(&step)) {
    CompleteNode(node, std::move(*complete), now);
  } else if (auto* fail = std::get_if<Fail>(&step)) {
    FailAttempt(node, fail->error, now);
  } else if (auto* stop = std::get_if<Stop>(&step)) {
    run.output = MakeText(std::move(stop->output));
    Record(node, NodeState::kCompleted, "", nullptr, now);
    if (!result_) result_ = run.output;
    End(ExecutionState::kCompleted, now);
  } else if (auto* evaluate = std::get_if<Evaluate>(&step)) {
    if (timeout > absl::ZeroDuration()) {
      evaluate->limits.wall_time = std::min(evaluate->limits.wall_time, timeout);
    }
    evaluations_.push_back({node, run.ticket, -1, std::move(*evaluate)});
    ++outstanding_evaluations_;
    Touch(node);
  } else if (auto* http = std::get_if<PerformHttp>(&step)) {
    if (timeout > absl::ZeroDuration()) http->timeout = std::min(http->timeout, timeout);
    effects_.push_back({node, run.ticket, std::move(*http)});
    wants_commit_ = true;
    Touch(node);
  } else if (auto* wait = std::get_if<WaitUntil>(&step)) {
    run.phase = Phase::kWaiting;
    // As the database keeps it, so that the row and the wake-up agree.
    run.wake_at = absl::FromUnixMicros(absl::ToUnixMicros(wait->at));
    wants_commit_ = true;
    Touch(node);
  } else if (auto* await = std::get_if<AwaitSignal>(&step)) {
    Await(node, std::move(*await), now);
  } else if (auto* call = std::get_if<CallService>(&step)) {
    if (timeout > absl::ZeroDuration()) call->timeout = std::min(call->timeout, timeout);
    effects_.push_back({node, run.ticket, std::move(*call)});
    wants_commit_ = true;
    Touch(node);
  }
}

void Execution::CompleteNode(int node, Complete complete, absl::Time now) {
  NodeRun& run = nodes_[node];
  const GraphNode& graph_node = graph_->nodes()[node];
  run.output = MakeText(std::move(complete.output));
  run.taken_edges.clear();
  run.conditions_left = 0;
  for (size_t i = 0; i < graph_node.outgoing.size(); ++i) {
    const GraphEdge& edge = graph_->edges()[graph_node.outgoing[i]];
    if (!edge.condition || !BranchTakes(edge, complete.branch)) continue;
    evaluations_.push_back({node, run.ticket, static_cast<int>(i), Evaluate{edge.condition, {*run.output}, {}}});
    ++outstanding_evaluations_;
    ++run.conditions_left;
  }
  run.deciding = std::move(complete);
  if (run.conditions_left > 0) {
    run.phase = Phase::kDeciding;
    Touch(node);
    return;
  }
  FinishDeciding(node, now);
}

void Execution::OnCondition(int node, int condition, const sandbox::Outcome& outcome, absl::Time now) {
  NodeRun& run = nodes_[node];
  if (run.phase != Phase::kDeciding) return;
  if (outcome.kind != sandbox::OutcomeKind::kValue) {
    const GraphEdge& edge = graph_->edges()[graph_->nodes()[node].outgoing[condition]];
    run.deciding.reset();
    run.output = nullptr;
    run.ticket = next_ticket_++;  // answers of the other conditions come too late
    FailAttempt(node,
                {.type = "CONDITION_FAILED",
                 .message = fmt::format("condition of the edge to '{}': {}",
                                        graph_->nodes()[edge.target].definition.id, outcome.error_message),
                 .stack = outcome.error_stack,
                 .retryable = outcome.kind == sandbox::OutcomeKind::kCrashed ||
                              outcome.kind == sandbox::OutcomeKind::kUnavailable},
                now);
    return;
  }
  if (outcome.value_json == "true") run.taken_edges.push_back(condition);
  if (--run.conditions_left == 0) FinishDeciding(node, now);
}

void Execution::FinishDeciding(int node, absl::Time now) {
  NodeRun& run = nodes_[node];
  Complete complete = *std::exchange(run.deciding, std::nullopt);
  Text answer_head = complete.response ? AnswerHead(*complete.response, *run.output) : nullptr;
  if (complete.response && !response_) {
    response_ = std::move(complete.response);
    result_ = run.output;
    wants_commit_ = true;
  }
  Record(node, NodeState::kCompleted, complete.branch, nullptr, now);
  rows_.back().answer_head = std::move(answer_head);
  DecideEdges(node, complete.branch);
}

void Execution::FailAttempt(int node, const NodeError& error, absl::Time now) {
  NodeRun& run = nodes_[node];
  const GraphNode& graph_node = graph_->nodes()[node];
  if (run.signal) signals_[std::string(graph_node.program->awaited_signal())].push_front(std::exchange(run.signal, nullptr));
  Text error_json = ErrorJson(error.type, error.message, error.stack, graph_node.definition.id);
  std::optional<absl::Duration> delay = NextDelay(
      graph_node.retry, {.attempt = run.attempt, .error = error, .elapsed = now - run.first_started_at}, random_);
  if (delay) {
    Record(node, NodeState::kFailed, "", error_json, now);
    ++open_count_;  // Record closed it; it stays open for the next attempt
    run.phase = Phase::kWaiting;
    run.retrying = true;
    run.last_error = std::move(error_json);
    run.wake_at = absl::FromUnixMicros(absl::ToUnixMicros(now + *delay));
    wants_commit_ = true;
    Touch(node);
    return;
  }
  Exhausted(node, error, now);
}

void Execution::Exhausted(int node, const NodeError& error, absl::Time now) {
  NodeRun& run = nodes_[node];
  const NodeDefinition& definition = graph_->nodes()[node].definition;
  Text error_json = ErrorJson(error.type, error.message, error.stack, definition.id);
  switch (definition.on_error) {
    case OnError::kFail:
      Record(node, NodeState::kFailed, "", error_json, now);
      if (ending_) return;  // a compensation that failed: the others still run, and the first error stays the error
      error_ = error_json;
      End(ExecutionState::kFailed, now);
      return;
    case OnError::kContinue:
    case OnError::kErrorEdge: {
      std::string branch(definition.on_error == OnError::kErrorEdge ? kErrorBranch : "");
      run.output = MakeText(fmt::format(R"({{"error":{}}})", *error_json));
      run.taken_edges.clear();  // conditions are about an output; there is none
      Record(node, NodeState::kFailed, branch, error_json, now);
      DecideEdges(node, branch);
      return;
    }
    case OnError::kPause:
      Record(node, NodeState::kFailed, "", error_json, now);
      ++open_count_;
      run.phase = Phase::kHeld;
      run.last_error = std::move(error_json);
      Touch(node);
      SetState(ExecutionState::kPaused, now);
      Emit("workflow.execution.paused", now);
      return;
  }
}

// One outcome of one attempt: a row, and the node is no longer open.
void Execution::Record(int node, NodeState state, const std::string& branch, Text error, absl::Time now) {
  NodeRun& run = nodes_[node];
  const GraphNode& graph_node = graph_->nodes()[node];
  bool has_conditions = std::any_of(graph_node.outgoing.begin(), graph_node.outgoing.end(),
                                    [this](int e) { return graph_->edges()[e].condition != nullptr; });
  rows_.push_back({.execution = identity_->id,
                   .tenant = identity_->tenant,
                   .sequence = ++sequence_,
                   .node_id = graph_node.definition.id,
                   .node_type = graph_node.type->name(),
                   .visit = run.visit,
                   .attempt = std::max(run.attempt, 1),
                   .state = state,
                   .branch = branch,
                   .taken_edges = has_conditions ? std::optional(run.taken_edges) : std::nullopt,
                   .input = run.input,
                   .output = run.output,
                   .error = std::move(error),
                   .answer_head = nullptr,
                   .started_at = run.attempt > 0 ? run.started_at : now,
                   .completed_at = now});
  if (state == NodeState::kFailed) {
    Emit("node.execution.failed", now,
         fmt::format(R"(,"nodeId":{},"attempt":{})", json::Quoted(graph_node.definition.id), run.attempt));
  }
  if (run.phase != Phase::kUnreached) --open_count_;
  run.phase = Phase::kDone;
  run.outcome = state;
  run.sequence = sequence_;
  if (run.row_open || run.row_timer) Touch(node);
}

bool Execution::BranchTakes(const GraphEdge& edge, std::string_view branch) const {
  return edge.label.empty() ? branch != kErrorBranch : edge.label == branch;
}

void Execution::DecideEdges(int node, const std::string& branch) {
  const std::vector<int>& outgoing = graph_->nodes()[node].outgoing;
  const std::vector<int32_t>& chosen = nodes_[node].taken_edges;
  for (size_t i = 0; i < outgoing.size(); ++i) {
    const GraphEdge& edge = graph_->edges()[outgoing[i]];
    bool taken = BranchTakes(edge, branch);
    if (taken && edge.condition) {
      taken = std::find(chosen.begin(), chosen.end(), static_cast<int32_t>(i)) != chosen.end();
    }
    DecideEdge(outgoing[i], taken);
  }
}

void Execution::DecideEdge(int edge, bool taken) {
  if (edges_[edge] != EdgeState::kUndecided) return;
  edges_[edge] = taken ? EdgeState::kTaken : EdgeState::kNotTaken;
  int target = graph_->edges()[edge].target;
  NodeRun& run = nodes_[target];
  --run.undecided_in;
  run.taken_in += taken ? 1 : 0;
  if (run.phase != Phase::kUnreached) return;
  int needed = graph_->nodes()[target].readiness.needed;
  bool all_decided = run.undecided_in == 0;
  bool runs = needed == Readiness::kAll ? all_decided && run.taken_in > 0 : run.taken_in >= needed;
  if (runs) {
    run.phase = Phase::kReady;
    ++open_count_;
    ready_.push_back(target);
  } else if (all_decided) {
    skipped_.push_back(target);
  }
}

void Execution::Skip(int node, absl::Time now) {
  Record(node, NodeState::kSkipped, "", nullptr, now);
  for (int edge : graph_->nodes()[node].outgoing) DecideEdge(edge, false);
}

void Execution::SetState(ExecutionState state, absl::Time) {
  state_ = state;
  state_changed_ = true;
  wants_commit_ = true;
}

void Execution::Emit(std::string_view type, absl::Time now, std::string_view more) {
  events_.push_back({.tenant = identity_->tenant,
                     .type = type,
                     .workflow = identity_->workflow,
                     .execution = identity_->id,
                     .payload = fmt::format(R"({{"version":{},"triggerType":{}{}}})", identity_->version,
                                            json::Quoted(identity_->trigger_type), more),
                     .at = now});
}

Text Execution::InputOf(int node) const {
  if (node == trigger_node_) return identity_->input;
  if (graph_->nodes()[node].compensates >= 0) return CompensationInput(node);
  const std::vector<int>& incoming = graph_->nodes()[node].incoming;
  if (incoming.size() == 1) return nodes_[graph_->edges()[incoming[0]].source].output;
  std::string object = "{";
  for (int edge : incoming) {
    if (edges_[edge] != EdgeState::kTaken) continue;
    int source = graph_->edges()[edge].source;
    if (object.size() > 1) object += ',';
    json::AppendQuoted(object, graph_->nodes()[source].definition.id);
    object += ':';
    object += nodes_[source].output ? *nodes_[source].output : "null";
  }
  object += '}';
  return MakeText(std::move(object));
}

// Without a response node: the output of the last nodes, keyed by id when there are several.
Text Execution::FinalResult() const {
  std::vector<int> last;
  for (size_t n = 0; n < nodes_.size(); ++n) {
    const NodeRun& run = nodes_[n];
    if (run.phase != Phase::kDone || !run.output || run.outcome == NodeState::kSkipped) continue;
    const std::vector<int>& outgoing = graph_->nodes()[n].outgoing;
    bool goes_on = std::any_of(outgoing.begin(), outgoing.end(),
                               [this](int e) { return edges_[e] == EdgeState::kTaken; });
    if (!goes_on) last.push_back(static_cast<int>(n));
  }
  if (last.empty()) return NullJson();
  if (last.size() == 1) return nodes_[last[0]].output;
  std::string object = "{";
  for (int n : last) {
    if (object.size() > 1) object += ',';
    json::AppendQuoted(object, graph_->nodes()[n].definition.id);
    object += ':';
    object += *nodes_[n].output;
  }
  object += '}';
  return MakeText(std::move(object));
}

void Execution::Touch(int node) {
  if (std::exchange(nodes_[node].touched, true)) return;
  touched_.push_back(node);
}

bool Execution::has_changes() const {
  return state_changed_ || !rows_.empty() || !events_.empty() || !touched_.empty() || !signal_rows_.empty();
}

bool Execution::idle() const {
  if (over() || has_changes() || outstanding_evaluations_ > 0) return false;
  return std::none_of(nodes_.begin(), nodes_.end(), [](const NodeRun& run) {
    return run.phase == Phase::kRunning || run.phase == Phase::kReady || run.phase == Phase::kDeciding;
  });
}

absl::Time Execution::next_wake() const {
  absl::Time next = absl::InfiniteFuture();
  for (const NodeRun& run : nodes_) {
    if (run.phase == Phase::kWaiting || run.phase == Phase::kAwaiting) next = std::min(next, run.wake_at);
  }
  return next;
}

bool Execution::ResponseNode(int node) const { return graph_->nodes()[node].type->role() == NodeRole::kResponse; }

}  // namespace penstock::workflow_engine
