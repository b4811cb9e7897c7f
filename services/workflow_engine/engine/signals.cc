// Signals of an execution: kept in the order they came in, by name, and handed one each to the nodes that wait for them.
#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/workflow_engine/engine/execution_context.h"

namespace penstock::workflow_engine {
namespace {

constexpr int kMaxSignals = 10'000;
// Of those that nobody has received yet: they are in memory while the execution is.
constexpr size_t kMaxPendingBytes = 8 << 20;
// Understood by every execution, unless a node of it waits for a signal of this name.
constexpr std::string_view kCancelSignal = "cancel";

// {"reason": "..."}, or the reason itself.
std::string ReasonIn(const std::string& payload) {
  nlohmann::json json = nlohmann::json::parse(payload, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("reason")) json = json["reason"];
  return json.is_string() ? json.get<std::string>() : std::string();
}

}  // namespace

absl::Status Execution::Receive(Signal signal, absl::Time now) {
  if (!graph_->Awaits(signal.name)) {
    if (signal.name == kCancelSignal) return Cancel(ReasonIn(*signal.payload), now);
    return WithReason(absl::FailedPreconditionError(fmt::format("no node of this workflow waits for a signal \"{}\"", signal.name)), "UNKNOWN_SIGNAL");
  }
  if (!signal.dedupe_id.empty() && signal_ids_.contains(signal.dedupe_id)) return absl::OkStatus();
  if (over() || ending_) return WithReason(absl::FailedPreconditionError("the execution has ended or is ending"), "ALREADY_ENDED");
  if (signal_count_ >= kMaxSignals) {
    return WithReason(absl::ResourceExhaustedError(fmt::format("an execution takes at most {} signals", kMaxSignals)), "TOO_MANY_SIGNALS");
  }
  size_t pending = signal.payload->size();
  for (const auto& [name, waiting] : signals_) {
    for (const Text& payload : waiting) pending += payload->size();
  }
  if (pending > kMaxPendingBytes) {
    return WithReason(absl::ResourceExhaustedError("signals that nobody has received yet take up too much"), "TOO_MANY_SIGNALS");
  }
  if (!signal.dedupe_id.empty()) signal_ids_.insert(signal.dedupe_id);
  Emit("workflow.execution.signaled", now, fmt::format(R"(,"signal":{})", json::Quoted(signal.name)));
  signals_[signal.name].push_back(signal.payload);
  signal_rows_.push_back({.execution = identity_->id,
                          .tenant = identity_->tenant,
                          .sequence = ++signal_count_,
                          .name = std::move(signal.name),
                          .dedupe_id = std::move(signal.dedupe_id),
                          .payload = std::move(signal.payload),
                          .received_at = now});
  wants_commit_ = true;
  HandOverSignals(now);
  Drain(now);
  return absl::OkStatus();
}

bool Execution::HasSignal(std::string_view name) const {
  auto found = signals_.find(absl::string_view(name.data(), name.size()));
  return found != signals_.end() && !found->second.empty();
}

void Execution::Await(int node, AwaitSignal await, absl::Time now) {
  NodeRun& run = nodes_[node];
  run.phase = Phase::kAwaiting;
  run.wake_at = await.until ? absl::FromUnixMicros(absl::ToUnixMicros(*await.until)) : absl::InfiniteFuture();
  wants_commit_ = true;
  Touch(node);
  if (state_ == ExecutionState::kRunning && HasSignal(await.name)) TakeSignal(node, now);
}

// The next signal of its name goes to the node that waits for it.
void Execution::TakeSignal(int node, absl::Time now) {
  NodeRun& run = nodes_[node];
  std::deque<Text>& pending = signals_.at(std::string(graph_->nodes()[node].program->awaited_signal()));
  run.signal = std::move(pending.front());
  pending.pop_front();
  run.phase = Phase::kRunning;
  run.wake_at = absl::InfiniteFuture();
  Touch(node);
  Context context(*this, node, now);
  Handle(node, graph_->nodes()[node].program->Resume(context, SignalReceived{run.signal}), now);
}

// Who has waited longest comes first. A paused execution keeps its signals until it is resumed.
void Execution::HandOverSignals(absl::Time now) {
  while (!over() && state_ == ExecutionState::kRunning) {
    int first = -1;
    for (size_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].phase != Phase::kAwaiting || !HasSignal(graph_->nodes()[n].program->awaited_signal())) continue;
      if (first < 0 || nodes_[n].started_at < nodes_[first].started_at) first = static_cast<int>(n);
    }
    if (first < 0) return;
    TakeSignal(first, now);
  }
}

// Each outcome that was not a time-out received the next of its name.
void Execution::RestoreSignals(std::vector<RestoredSignal> signals, const std::vector<RestoredNode>& outcomes) {
  absl::flat_hash_map<std::string, int> received;
  for (const RestoredNode& outcome : outcomes) {
    std::string_view name = graph_->nodes()[outcome.node].program->awaited_signal();
    if (!name.empty() && outcome.state == NodeState::kCompleted && outcome.branch == kReceivedBranch) ++received[std::string(name)];
  }
  signal_count_ = static_cast<int>(signals.size());
  for (RestoredSignal& signal : signals) {
    if (!signal.dedupe_id.empty()) signal_ids_.insert(std::move(signal.dedupe_id));
    if (int& left = received[signal.name]; left > 0) {
      --left;
    } else {
      signals_[signal.name].push_back(std::move(signal.payload));
    }
  }
}

}  // namespace penstock::workflow_engine
