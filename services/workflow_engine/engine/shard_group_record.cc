// The way of a group's decisions to the database: which executions make a batch, and what their fate leads to.
#include <utility>

#include "libs/log/log.h"
#include "libs/log/rate_limit.h"
#include "libs/status/details.h"
#include "services/workflow_engine/engine/receipt.h"
#include "services/workflow_engine/engine/shard_group.h"

namespace penstock::workflow_engine {
namespace {

// One being committed, and one that the committer goes on with when that is done.
constexpr int kMaxBatchesUnderWay = 2;
// So few executions, and nothing else to do: the group commits them itself.
constexpr size_t kSmallBatch = 2;

}  // namespace

absl::Status ShardGroup::Dropped(const absl::Status& cause) {
  return WithReason(absl::UnavailableError("this engine lost the execution's shard; what became of the call is unknown: " +
                                           std::string(cause.message())),
                    "OUTCOME_UNKNOWN");
}

bool ShardGroup::Satisfied(WaitFor wait_for, const Execution& execution) {
  switch (wait_for) {
    case WaitFor::kStarted: return true;
    case WaitFor::kResponse: return execution.response().has_value() || execution.over();
    case WaitFor::kCompleted: return execution.over();
  }
  return true;
}

ExecutionSnapshot ShardGroup::SnapshotOf(const Execution& execution, absl::Time now) {
  return {execution.shared_identity(), execution.state(), execution.result(),
          execution.error(), execution.response(), now};
}

// ---- What is ready.

void ShardGroup::MarkDirty(ExecutionId id, Live& live) {
  live.dirty = true;
  Enqueue(id, live);
}

void ShardGroup::Enqueue(ExecutionId id, Live& live) {
  if (!live.dirty || live.ready || live.committing) return;
  const Execution& execution = *live.execution;
  if (execution.outstanding_evaluations() == 0 || execution.over() || execution.wants_commit()) {
    live.ready = true;
    ready_.push_back(id);
  } else if (!std::exchange(live.patient, true)) {
    patient_.emplace_back(deps_.clock.Now() + options_.turn_patience, id);
  }
}

void ShardGroup::EndPatience(absl::Time now) {
  while (!patient_.empty() && patient_.front().first <= now) {
    ExecutionId id = patient_.front().second;
    patient_.pop_front();
    auto found = executions_.find(id);
    if (found == executions_.end()) continue;
    Live& live = *found->second;
    live.patient = false;
    if (!live.dirty || live.ready || live.committing) continue;
    live.ready = true;
    ready_.push_back(id);
  }
}

// ---- Batches.

bool ShardGroup::MaySeal() const {
  if (batches_under_way_ == 0) return !ready_.empty() || !bare_receipts_.empty();
  return batches_under_way_ < kMaxBatchesUnderWay && ready_.size() + bare_receipts_.size() >= options_.early_batch_executions;
}

bool ShardGroup::NothingLeftToSeal() const {
  return ready_.empty() && bare_receipts_.empty() && (patient_.empty() || !deps_.shards.owns(ShardOf(patient_.front().second)));
}

void ShardGroup::SealBatch() {
  if (!MaySeal()) return;
  absl::Time now = deps_.clock.Now();
  Batch batch;
  auto sealed = std::make_shared<std::vector<std::vector<Sealed>>>();
  for (std::shared_ptr<Origin>& origin : std::exchange(bare_receipts_, {})) {
    ChangeSet set;
    origin->sealed = true;
    set.events.push_back({.tenant = origin->receipt.tenant, .type = "webhook.received", .workflow = std::nullopt, .execution = std::nullopt,
                          .payload = ReceiptEventPayload(origin->receipt), .at = now});
    set.receipts.push_back(std::move(origin->receipt));
    if (origin->received) set.on_decided.push_back(std::move(origin->received));
    batch.sets.push_back(std::move(set));
    sealed->emplace_back();
  }
  size_t count = 0;
  while (!ready_.empty() && count < options_.max_batch_executions) {
    ExecutionId id = ready_.front();
    ready_.pop_front();
    auto found = executions_.find(id);
    if (found == executions_.end() || !found->second->ready) continue;  // sealed with a sibling, or gone
    ChangeSet set;
    std::vector<Sealed> parts;
    SealExecution(id, *found->second, set, parts, now);
    count += parts.size();
    batch.sets.push_back(std::move(set));
    sealed->push_back(std::move(parts));
  }
  if (batch.sets.empty()) return;
  batch.epochs = deps_.shards.Snapshot();
  batch.boot_id = deps_.shards.boot_id();
  deps_.metrics.batch_sets.Observe(static_cast<double>(batch.sets.size()));
  ++batches_under_way_;
  for (size_t i = 0; i < batch.sets.size(); ++i) {
    batch.sets[i].on_decided.push_back(
        [this, sealed, i, generation = generation_](const absl::Status& status) { OnSetDecided((*sealed)[i], generation, status); });
  }
  if (batches_under_way_ == 1 && batch.sets.size() <= kSmallBatch && InboxEmpty()) {
    OnDecided(committer_->CommitHere(std::move(batch)), now);
    return;
  }
  committer_->Submit(std::move(batch), [this, now](BatchOutcome outcome) {
    Post([this, now, outcome = std::make_shared<BatchOutcome>(std::move(outcome))] { OnDecided(std::move(*outcome), now); });
  });
}

void ShardGroup::SealExecution(ExecutionId id, Live& live, ChangeSet& set, std::vector<Sealed>& sealed, absl::Time now) {
  live.dirty = live.ready = false;
  live.committing = true;
  Execution& execution = *live.execution;
  bool is_new = !std::exchange(live.started_committed, true);
  if (is_new) deps_.metrics.executions_started.Increment();
  size_t first_event = set.events.size();
  Sealed part;
  part.id = id;
  part.snapshot = SnapshotOf(execution, now);
  part.over = execution.over();
  part.collected = execution.Collect(set, now);
  if (live.key) set.keys.push_back(*std::exchange(live.key, std::nullopt));
  for (auto waiter = live.waiters.begin(); waiter != live.waiters.end();) {
    if (!Satisfied(waiter->wait_for, execution)) {
      ++waiter;
      continue;
    }
    part.waiters.push_back(std::move(waiter->call));
    waiter = live.waiters.erase(waiter);
  }
  sealed.push_back(std::move(part));

  std::shared_ptr<Origin> origin = std::exchange(live.origin, nullptr);
  if (!origin || std::exchange(origin->sealed, true)) return;
  // The receipt comes before what it led to, and the other executions it led to come with it.
  EventRow received{.tenant = origin->receipt.tenant, .type = "webhook.received", .workflow = std::nullopt, .execution = std::nullopt,
                    .payload = ReceiptEventPayload(origin->receipt), .at = origin->receipt.received_at};
  set.events.insert(set.events.begin() + first_event, std::move(received));
  set.receipts.push_back(std::move(origin->receipt));
  if (origin->received) set.on_decided.push_back(std::move(origin->received));
  for (const ExecutionId& sibling : origin->siblings) {
    auto found = executions_.find(sibling);
    if (sibling == id || found == executions_.end() || found->second->started_committed) continue;
    SealExecution(sibling, *found->second, set, sealed, now);
  }
}

void ShardGroup::OnDecided(BatchOutcome outcome, absl::Time submitted) {
  --batches_under_way_;
  // The next one goes first, and its commit runs while these are answered.
  SealBatch();
  deps_.metrics.batches.Increment();
  deps_.metrics.commit_seconds.Observe(absl::ToDoubleSeconds(deps_.clock.Now() - submitted));
  if (!outcome.lost.ok()) {
    deps_.metrics.lost_batches.Increment();
    log::Warning("batch lost; ownership must be proved anew", {{"status", outcome.lost}});
    absl::Status dropped = Dropped(outcome.lost);
    for (ChangeSet& set : outcome.batch.sets) {
      for (auto& decided : set.on_decided) decided(dropped);
    }
    deps_.lost(outcome.batch.boot_id, outcome.lost);
    return;
  }
  std::vector<TenantId> tenants;
  for (size_t i = 0; i < outcome.batch.sets.size(); ++i) {
    ChangeSet& set = outcome.batch.sets[i];
    if (outcome.statuses[i].ok()) {
      for (const EventRow& event : set.events) {
        if (tenants.empty() || tenants.back() != event.tenant) tenants.push_back(event.tenant);
      }
    }
    for (auto& decided : set.on_decided) decided(outcome.statuses[i]);
  }
  deps_.committed.Notify(tenants);
}

void ShardGroup::OnSetDecided(std::vector<Sealed>& sealed, uint64_t generation, const absl::Status& status) {
  for (Sealed& part : sealed) {
    if (generation != generation_) {
      // Forgotten meanwhile. What goes by this id now was loaded anew and knows of nothing to settle.
      for (Waiter& waiter : part.waiters) status.ok() ? waiter(part.snapshot) : waiter(status);
    } else if (status.ok()) {
      Settle(part);
    } else {
      OnRefused(part, status);
    }
  }
}

void ShardGroup::Settle(Sealed& sealed) {
  absl::Time now = deps_.clock.Now();
  auto found = executions_.find(sealed.id);
  if (found != executions_.end()) {
    Live& live = *found->second;
    for (EffectRequest& effect : sealed.collected.effects) StartEffect(sealed.id, std::move(effect));
    for (const ArmedTimer& timer : sealed.collected.timers) {
      if (timer.fires_at > now + options_.timer_horizon) continue;  // read from the table when its time comes near
      timers_.Add({timer.fires_at, sealed.id, timer.purpose,
                   timer.node < 0 ? "" : live.execution->graph().nodes()[timer.node].definition.id, timer.visit});
    }
  }
  for (Waiter& waiter : sealed.waiters) waiter(sealed.snapshot);
  if (found == executions_.end()) return;
  Live& live = *found->second;
  live.committing = false;
  if (sealed.over) {
    deps_.metrics.executions_ended.Increment();
    refusals_.erase(sealed.id);
    Erase(sealed.id);
  } else {
    Enqueue(sealed.id, live);
    DropIfCold(sealed.id, live, now);
  }
}

// The database refused what this execution wanted to record, or its fate is unknown.
void ShardGroup::OnRefused(Sealed& sealed, const absl::Status& status) {
  for (Waiter& waiter : sealed.waiters) waiter(status);
  auto found = executions_.find(sealed.id);
  if (found == executions_.end()) return;
  FailWaiters(*found->second, status);
  Erase(sealed.id);
  if (status.code() == absl::StatusCode::kUnavailable) return;  // everything is dropped and loaded anew
  deps_.metrics.refused_sets.Increment();
  // The failure may lead to compensations, and what those did be refused again; then it ends without the rest of them.
  if (++refusals_[sealed.id] > 2) return;
  static log::RateLimit limit(absl::Seconds(1));
  if (auto skipped = limit.Pass(deps_.clock.Now())) {
    log::Error("the database refused an execution's changes", {{"execution_id", sealed.id}, {"status", status}, {"skipped", *skipped}});
  }
  // If an earlier commit made it durable, it must not stay open for ever: it fails with the reason.
  WithLive(sealed.id, [this, id = sealed.id, message = std::string(status.message())](Live* live) {
    if (live == nullptr) return;
    live->execution->FailWhole("NOT_RECORDABLE", message, deps_.clock.Now());
    AfterTurn(id, *live);
  });
}

}  // namespace penstock::workflow_engine
