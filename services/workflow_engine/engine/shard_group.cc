#include "services/workflow_engine/engine/shard_group.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "libs/log/log.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kRetryAfterOverload = absl::Milliseconds(200);
constexpr absl::Duration kStopPoll = absl::Milliseconds(5);

absl::Status Moved() { return WithReason(absl::UnavailableError("the execution has moved to another engine and goes on there"), "MOVED"); }

absl::Status NotOpen() { return absl::NotFoundError("no open execution of this id"); }

absl::Status Apply(Execution& execution, const Steering& steering, absl::Time now) {
  switch (steering.control) {
    case Control::kCancel: return execution.Cancel(steering.reason, now);
    case Control::kTerminate: return execution.Terminate(steering.reason, now);
    case Control::kPause: return execution.Pause(now);
    case Control::kResume: return execution.Resume(now);
    case Control::kSignal: return execution.Receive(steering.signal, now);
  }
  return absl::InternalError("not a way to steer");
}

}  // namespace

GroupMetrics::GroupMetrics(metrics::Registry& registry)
    : batches(registry.Counter("penstock_engine_batches_total", "Transactions that recorded turns")),
      executions_started(registry.Counter("penstock_engine_executions_started_total", "Executions recorded for the first time")),
      executions_ended(registry.Counter("penstock_engine_executions_ended_total", "Executions recorded as ended")),
      lost_batches(registry.Counter("penstock_engine_lost_batches_total", "Batches whose fate is unknown or that lost their shards")),
      refused_sets(registry.Counter("penstock_engine_refused_changes_total", "Executions whose changes the database refused")),
      batch_sets(registry.Histogram("penstock_engine_batch_size", "Change sets to a transaction", metrics::SizeBuckets())),
      commit_seconds(registry.Histogram("penstock_engine_commit_seconds", "From sealing a batch to knowing it is durable", metrics::LatencyBuckets())),
      timer_lateness_seconds(registry.Histogram("penstock_engine_timer_lateness_seconds", "From a timer's due time to its turn", metrics::LatencyBuckets())) {}

ShardGroup::ShardGroup(GroupOptions options, Dependencies dependencies)
    : options_(std::move(options)),
      deps_(std::move(dependencies)),
      committer_(std::make_unique<Committer>(options_.engine_conninfo, options_.session, deps_.clock)),
      thread_([this] { Run(); }) {}

ShardGroup::~ShardGroup() { Stop(); }

void ShardGroup::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
  committer_.reset();
  for (auto& [id, live] : executions_) FailWaiters(*live, absl::UnavailableError("the engine is shutting down"));
}

// ---- The actor.

void ShardGroup::Post(Task task) {
  absl::MutexLock lock(&mutex_);
  inbox_.push_back(std::move(task));
}

bool ShardGroup::InboxEmpty() const {
  absl::MutexLock lock(&mutex_);
  return inbox_.empty();
}

void ShardGroup::Run() {
  auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !inbox_.empty() || stopping_; };
  auto has_tasks = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !inbox_.empty(); };
  std::vector<Task> tasks;
  while (true) {
    bool stopping;
    {
      absl::MutexLock lock(&mutex_);
      absl::Time now = deps_.clock.Now();
      stopping = stopping_;
      if (stopping) {
        mutex_.AwaitWithTimeout(absl::Condition(&has_tasks), kStopPoll);
      } else if (inbox_.empty()) {
        mutex_.AwaitWithTimeout(absl::Condition(&has_work), NextWake(now) - now);
      }
      tasks.swap(inbox_);
    }
    for (Task& task : tasks) task();
    tasks.clear();
    absl::Time now = deps_.clock.Now();
    FireTimers(now);
    EndPatience(now);
    SealBatch();
    FinishReleases();
    if (stopping && batches_under_way_ == 0 && NothingLeftToSeal()) return;
  }
}

absl::Time ShardGroup::NextWake(absl::Time now) const {
  absl::Time next = timers_.next();
  if (!patient_.empty()) next = std::min(next, std::max(now, patient_.front().first));
  return next;
}

absl::Status ShardGroup::Admit() const {
  if (live() < options_.max_live_executions) return absl::OkStatus();
  return WithRetryAfter(WithReason(absl::ResourceExhaustedError("too many executions are live"), "ENGINE_OVERLOADED"),
                        kRetryAfterOverload);
}

// ---- Starting.

absl::Status ShardGroup::Start(StartRequest request) {
  absl::Status admitted = Admit();
  if (!admitted.ok()) return admitted;
  live_.fetch_add(1, std::memory_order_relaxed);
  Post([this, request = std::make_shared<StartRequest>(std::move(request))] { StartLive(std::move(*request), nullptr); });
  return absl::OkStatus();
}

absl::Status ShardGroup::Deliver(DeliveryRequest request) {
  absl::Status admitted = Admit();
  if (!admitted.ok()) return admitted;
  live_.fetch_add(request.starts.size(), std::memory_order_relaxed);
  Post([this, request = std::make_shared<DeliveryRequest>(std::move(request))] {
    auto origin = std::make_shared<Origin>();
    origin->receipt = std::move(request->receipt);
    origin->received = std::move(request->received);
    for (const StartRequest& start : request->starts) origin->siblings.push_back(start.identity->id);
    if (request->starts.empty()) bare_receipts_.push_back(origin);
    for (StartRequest& start : request->starts) StartLive(std::move(start), origin);
  });
  return absl::OkStatus();
}

void ShardGroup::StartLive(StartRequest request, std::shared_ptr<Origin> origin) {
  ExecutionId id = request.identity->id;
  if (!deps_.shards.owns(ShardOf(id))) {  // lost between admission and now
    live_.fetch_sub(1, std::memory_order_relaxed);
    absl::Status moved = WithRetryAfter(absl::UnavailableError("the shard has moved to another engine"), absl::Seconds(1));
    if (request.waiter) request.waiter(moved);
    if (origin && !std::exchange(origin->sealed, true) && origin->received) origin->received(moved);
    return;
  }
  auto live = std::make_unique<Live>();
  live->execution = std::make_unique<Execution>(std::move(request.identity), std::move(request.graph), request.trigger_node, random_);
  if (request.waiter) live->waiters.push_back({request.wait_for, std::move(request.waiter)});
  live->origin = std::move(origin);
  live->key = std::move(request.key);
  Live& placed = *executions_.emplace(id, std::move(live)).first->second;
  placed.execution->Begin(deps_.clock.Now());
  AfterTurn(id, placed);
}

// ---- Turns.

void ShardGroup::AfterTurn(ExecutionId id, Live& live) {
  SubmitEvaluations(id, live);
  if (live.dirty || live.execution->has_changes()) MarkDirty(id, live);
}

void ShardGroup::SubmitEvaluations(ExecutionId id, Live& live) {
  // A refused submission answers at once, which may ask for more.
  while (true) {
    std::vector<EvaluationRequest> requests = live.execution->TakeEvaluations();
    if (requests.empty()) return;
    for (EvaluationRequest& request : requests) {
      EvaluationRequest identity{request.node, request.ticket, request.condition, {}};
      absl::Status submitted = deps_.sandbox.Submit(
          {.tenant = live.execution->identity().tenant,
           .script = std::move(request.step.script),
           .arguments = std::move(request.step.arguments),
           .limits = request.step.limits},
          [this, id, identity, generation = generation_](sandbox::Outcome outcome) {
            Post([this, id, identity, generation, outcome = std::make_shared<sandbox::Outcome>(std::move(outcome))] {
              if (generation == generation_) OnEvaluated(id, identity, std::move(*outcome));
            });
          });
      if (!submitted.ok()) {
        sandbox::Outcome outcome;
        outcome.kind = sandbox::OutcomeKind::kUnavailable;
        outcome.error_message = std::string(submitted.message());
        live.execution->OnResult(request.node, request.ticket, request.condition, std::move(outcome), deps_.clock.Now());
      }
    }
  }
}

void ShardGroup::OnEvaluated(ExecutionId id, const EvaluationRequest& request, sandbox::Outcome outcome) {
  auto found = executions_.find(id);
  if (found == executions_.end()) return;
  Live& live = *found->second;
  live.execution->OnResult(request.node, request.ticket, request.condition, std::move(outcome), deps_.clock.Now());
  AfterTurn(id, live);
}

void ShardGroup::StartEffect(ExecutionId id, EffectRequest effect) {
  auto deliver = [this, id, node = effect.node, ticket = effect.ticket, generation = generation_](StepResult result) {
    Post([this, id, node, ticket, generation, result = std::make_shared<StepResult>(std::move(result))] {
      auto found = executions_.find(id);
      if (generation != generation_ || found == executions_.end()) return;
      found->second->execution->OnResult(node, ticket, -1, *result, deps_.clock.Now());
      AfterTurn(id, *found->second);
    });
  };
  if (auto* call = std::get_if<CallService>(&effect.step)) {
    TenantId tenant = executions_.at(id)->execution->identity().tenant;
    return deps_.steps.Call(tenant, id, std::move(*call),
                            [deliver](absl::StatusOr<std::string> output) { deliver(ServiceReply{std::move(output)}); });
  }
  deps_.egress.Send(std::get<PerformHttp>(std::move(effect.step)), [deliver](egress::HttpResult result) {
    std::visit([&deliver](auto&& answer) { deliver(StepResult(std::move(answer))); }, std::move(result));
  });
}

void ShardGroup::AddTimers(std::vector<LoadedTimer> timers) {
  Post([this, timers = std::move(timers)] {
    for (const LoadedTimer& timer : timers) {
      timers_.Add({timer.fires_at, timer.execution, timer.purpose, timer.node_id, timer.visit});
    }
  });
}

void ShardGroup::FireTimers(absl::Time now) {
  while (std::optional<TimerEntry> timer = timers_.Pop(now)) FireTimer(*timer, now);
}

void ShardGroup::FireTimer(const TimerEntry& timer, absl::Time now) {
  if (!deps_.shards.owns(ShardOf(timer.execution))) return;
  deps_.metrics.timer_lateness_seconds.Observe(absl::ToDoubleSeconds(now - timer.fires_at));
  WithLive(timer.execution, [this, timer](Live* live) {
    if (live == nullptr) return;  // over: its row goes or has gone
    Execution& execution = *live->execution;
    absl::Time at = deps_.clock.Now();
    if (timer.purpose == TimerPurpose::kExecutionTimeout) {
      execution.OnExecutionTimeout(at);
    } else if (int node = execution.graph().FindNode(timer.node_id); node >= 0) {
      execution.OnTimer(node, timer.visit, timer.fires_at, at);
    }
    AfterTurn(timer.execution, *live);
  });
}

void ShardGroup::FailWaiters(Live& live, const absl::Status& status) {
  for (WaiterEntry& waiter : std::exchange(live.waiters, {})) waiter.call(status);
  if (live.origin && !std::exchange(live.origin->sealed, true) && live.origin->received) live.origin->received(status);
}

void ShardGroup::Erase(ExecutionId id) {
  if (executions_.erase(id) > 0) live_.fetch_sub(1, std::memory_order_relaxed);
}

void ShardGroup::DropIfCold(ExecutionId id, Live& live, absl::Time now) {
  if (!live.waiters.empty() || live.committing || live.dirty || !live.execution->idle()) return;
  if (live.execution->next_wake() - now < options_.cold_after) return;
  Erase(id);
}

// ---- Calls about live executions.

void ShardGroup::WithLive(ExecutionId id, std::function<void(Live*)> then) {
  if (auto found = executions_.find(id); found != executions_.end()) return then(found->second.get());
  std::vector<std::function<void(Live*)>>& waiting = loading_[id];
  waiting.push_back(std::move(then));
  if (waiting.size() > 1) return;
  deps_.loader.Load(id, [this, id, generation = generation_](absl::StatusOr<std::optional<RestoredExecution>> loaded) {
    Post([this, id, generation, loaded = std::make_shared<decltype(loaded)>(std::move(loaded))] {
      if (generation == generation_) OnLoaded(id, std::move(*loaded));
    });
  });
}

void ShardGroup::OnLoaded(ExecutionId id, absl::StatusOr<std::optional<RestoredExecution>> loaded) {
  auto waiting = loading_.extract(id);
  if (!loaded.ok()) {
    // The auditor finds what this leaves behind; a caller is told there is nothing to steer and asks the database.
    log::Warning("could not load an execution", {{"execution_id", id}, {"status", loaded.status()}});
  }
  bool present = loaded.ok() && loaded->has_value() && deps_.shards.owns(ShardOf(id));
  if (!present) {
    for (auto& then : waiting.mapped()) then(nullptr);
    return;
  }
  auto live = std::make_unique<Live>();
  live->execution = Execution::Restore(std::move(**loaded), random_);
  live->started_committed = true;
  live_.fetch_add(1, std::memory_order_relaxed);
  Live& placed = *executions_.emplace(id, std::move(live)).first->second;
  placed.execution->Continue(deps_.clock.Now());
  AfterTurn(id, placed);
  for (auto& then : waiting.mapped()) then(&placed);
  if (auto found = executions_.find(id); found != executions_.end()) DropIfCold(id, *found->second, deps_.clock.Now());
}

void ShardGroup::Steer(ExecutionId id, TenantId tenant, Steering steering, Waiter done) {
  Post([this, id, tenant, steering = std::move(steering), done = std::move(done)] {
    WithLive(id, [this, id, tenant, steering, done](Live* live) {
      if (live == nullptr || live->execution->identity().tenant != tenant) return done(NotOpen());
      absl::Time now = deps_.clock.Now();
      Execution& execution = *live->execution;
      absl::Status status = Apply(execution, steering, now);
      if (!status.ok()) return done(status);
      if (!execution.has_changes() && !live->committing) return done(SnapshotOf(execution, now));
      live->waiters.push_back({WaitFor::kStarted, done});
      // Nothing more to record, but the answer waits for the commit under way.
      MarkDirty(id, *live);
      AfterTurn(id, *live);
    });
  });
}

void ShardGroup::Wait(ExecutionId id, TenantId tenant, WaitFor wait_for, Waiter done) {
  Post([this, id, tenant, wait_for, done = std::move(done)] {
    WithLive(id, [this, id, tenant, wait_for, done](Live* live) {
      // Whether it has ended is then for its new owner to say.
      if (live == nullptr && !deps_.shards.owns(ShardOf(id))) return done(Moved());
      if (live == nullptr || live->execution->identity().tenant != tenant) return done(NotOpen());
      live->waiters.push_back({wait_for, done});
      if (Satisfied(wait_for, *live->execution)) MarkDirty(id, *live);
    });
  });
}

// ---- Shards come and go.

void ShardGroup::Recover(std::vector<ExecutionId> open, std::function<void(int)> done) {
  Post([this, open = std::move(open), done = std::move(done)] {
    int loaded = 0;
    for (const ExecutionId& id : open) {
      if (executions_.contains(id) || loading_.contains(id)) continue;
      ++loaded;
      WithLive(id, [this, id](Live* live) {
        if (live == nullptr) return;
        live->execution->Rearm();
        AfterTurn(id, *live);
      });
    }
    if (done) done(loaded);
  });
}

void ShardGroup::Release(ShardId shard, std::function<void()> done) {
  Post([this, shard, done = std::move(done)] { releases_.emplace_back(shard, done); });
}

// A shard is free when none of its executions has anything under way to the database. What only waits is dropped.
void ShardGroup::FinishReleases() {
  if (releases_.empty()) return;
  std::array<bool, kShards> busy{};
  std::vector<ExecutionId> resting;
  for (auto& [id, live] : executions_) {
    bool is_released = std::any_of(releases_.begin(), releases_.end(), [&](const auto& r) { return r.first == ShardOf(id); });
    if (!is_released) continue;
    bool is_busy = live->committing || live->dirty || (live->execution->outstanding_evaluations() > 0 && !live->started_committed);
    is_busy ? void(busy[ShardOf(id)] = true) : resting.push_back(id);
  }
  for (const ExecutionId& id : resting) {
    if (busy[ShardOf(id)]) continue;
    FailWaiters(*executions_[id], Moved());
    Erase(id);
  }
  std::erase_if(releases_, [&busy](const auto& release) {
    if (busy[release.first]) return false;
    release.second();
    return true;
  });
}

void ShardGroup::DropAll(const absl::Status& status, std::function<void()> done) {
  Post([this, status, done = std::move(done)] {
    ++generation_;
    absl::Status dropped = Dropped(status);
    for (auto& [id, live] : executions_) FailWaiters(*live, dropped);
    for (std::shared_ptr<Origin>& origin : bare_receipts_) {
      if (origin->received) origin->received(dropped);
    }
    for (auto& [id, waiting] : std::exchange(loading_, {})) {
      for (auto& then : waiting) then(nullptr);
    }
    live_.fetch_sub(executions_.size(), std::memory_order_relaxed);
    executions_.clear();
    bare_receipts_.clear();
    ready_.clear();
    patient_.clear();
    timers_.Clear();
    for (auto& [shard, released] : std::exchange(releases_, {})) released();
    done();
  });
}

}  // namespace penstock::workflow_engine
