// The owner of the live executions of some shards: one thread, so that an execution is changed by nobody else while it is looked at.
//
//   post ──► inbox ──► turns ──► ready executions ──► batch ──► Committer ──► answers, effects, timers
//                        ▲  │ evaluations                             │
//                        │  ▼                                         │
//                     sandbox, egress, timer queue ◄──────────────────┘
//
// Everything public may be called from any thread; callbacks given to it run on the group's thread and must not block.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/random/random.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/clock/clock.h"
#include "libs/egress/client.h"
#include "libs/metrics/metrics.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/engine/commit_signal.h"
#include "services/workflow_engine/engine/committer.h"
#include "services/workflow_engine/engine/execution.h"
#include "services/workflow_engine/engine/loader.h"
#include "services/workflow_engine/engine/shard_map.h"
#include "services/workflow_engine/engine/timer_queue.h"

namespace penstock::workflow_engine {

// An execution as of a commit. Cheap to copy.
struct ExecutionSnapshot {
  std::shared_ptr<const ExecutionIdentity> identity;
  ExecutionState state = ExecutionState::kRunning;
  Text result;
  Text error;
  std::optional<Complete::Response> response;
  absl::Time updated_at;
};

// Which commit a caller waits for.
enum class WaitFor {
  kStarted,    // the first
  kResponse,   // that with the answer of a response node, or the end
  kCompleted,  // that with the end
};

// Called once, on the group's thread, after the commit. Not OK: not committed, or nobody knows.
using Waiter = std::function<void(const absl::StatusOr<ExecutionSnapshot>&)>;

struct StartRequest {
  std::shared_ptr<const ExecutionIdentity> identity;  // its id lies in a shard of the group
  std::shared_ptr<const Graph> graph;
  int trigger_node = 0;
  std::optional<KeyRow> key;  // written with it
  WaitFor wait_for = WaitFor::kStarted;
  Waiter waiter;              // may be empty
};

// A webhook delivery: the receipt and the starts it leads to are committed together.
struct DeliveryRequest {
  ReceiptRow receipt;
  std::vector<StartRequest> starts;
  std::function<void(const absl::Status&)> received;  // after the commit
};

enum class Control { kCancel, kTerminate, kPause, kResume, kSignal };

// What somebody wants of an execution that is open.
struct Steering {
  Control control = Control::kCancel;
  std::string reason;  // of kCancel and kTerminate
  Signal signal;       // of kSignal
};

// Calls steps of other Penstock services.
class StepCaller {
 public:
  virtual ~StepCaller() = default;
  // `done` is called once, on any thread. The tenant is that of the execution, for which the callee acts.
  virtual void Call(TenantId tenant, ExecutionId execution, CallService step, std::function<void(absl::StatusOr<std::string>)> done) = 0;
};

struct GroupOptions {
  std::string engine_conninfo;
  postgres::Session session = postgres::Session::kOwn;
  size_t max_live_executions = 50'000;
  size_t max_batch_executions = 512;
  // So many ready executions make a batch of their own while the one before is still being committed, so that the database need not wait for
  // the next. Fewer wait until it is free: what a transaction costs is better shared.
  size_t early_batch_executions = 48;
  // How long a turn may wait for the sandbox before what it has so far is recorded without it.
  absl::Duration turn_patience = absl::Milliseconds(20);
  // An execution whose next timer is further away than this leaves memory.
  absl::Duration cold_after = absl::Seconds(10);
  // Timers within this are kept in memory; the others are read when their time comes near.
  absl::Duration timer_horizon = absl::Seconds(60);
};

struct GroupMetrics {
  explicit GroupMetrics(metrics::Registry& registry);
  metrics::Counter batches, executions_started, executions_ended, lost_batches, refused_sets;
  metrics::Histogram batch_sets, commit_seconds, timer_lateness_seconds;
};

class ShardGroup {
 public:
  struct Dependencies {
    const Clock& clock;
    sandbox::Pool& sandbox;
    egress::HttpClient& egress;
    StepCaller& steps;
    Loader& loader;
    ShardMap& shards;
    CommitSignal& committed;
    GroupMetrics& metrics;
    // Called when a batch sent under this boot id is lost: ownership must be proved anew (LeaseKeeper does). Must not block.
    std::function<void(const Uuid& boot_id, const absl::Status&)> lost;
  };

  ShardGroup(GroupOptions options, Dependencies dependencies);
  ~ShardGroup();  // as Stop

  // Commits what is decided and ends the thread; callers still waiting get UNAVAILABLE. What is posted afterwards is never run, so the sandbox, the
  // egress client, the step caller and the loader may go between this and the destructor, and answer into nothing.
  void Stop();

  // RESOURCE_EXHAUSTED with RetryInfo when too much is live already; then nothing is called back.
  absl::Status Start(StartRequest request);
  absl::Status Deliver(DeliveryRequest request);

  // Acts on a live execution, loading it if need be. NOT_FOUND when there is no open execution of that id and tenant: it may have
  // ended, which the database knows.
  void Steer(ExecutionId id, TenantId tenant, Steering steering, Waiter done);

  // Adds a waiter to an execution that is open. NOT_FOUND as above.
  void Wait(ExecutionId id, TenantId tenant, WaitFor wait_for, Waiter done);

  // Runs what recovery found open; the shard is ours. What is live already is left alone. `done` says how many were not.
  void Recover(std::vector<ExecutionId> open, std::function<void(int loaded)> done = {});
  // Wakes that lie within the horizon; those known already are ignored.
  void AddTimers(std::vector<LoadedTimer> timers);

  // Ends all work on a shard that goes to another engine: what is decided is committed, what runs is left to the new owner. `done` when nothing
  // of it is in memory any more.
  void Release(ShardId shard, std::function<void()> done);
  // Forgets everything; waiters get `status`. For when ownership was lost. `done` when it is forgotten.
  void DropAll(const absl::Status& status, std::function<void()> done);

  size_t live() const { return live_.load(std::memory_order_relaxed); }

 private:
  // What is written together with the starts of a delivery.
  struct Origin {
    ReceiptRow receipt;
    std::vector<ExecutionId> siblings;
    std::function<void(const absl::Status&)> received;
    bool sealed = false;
  };

  struct WaiterEntry {
    WaitFor wait_for;
    Waiter call;
  };

  struct Live {
    std::unique_ptr<Execution> execution;
    std::vector<WaiterEntry> waiters;
    std::shared_ptr<Origin> origin;
    std::optional<KeyRow> key;
    bool dirty = false;       // has changes that are in no batch
    bool ready = false;       // in ready_
    bool patient = false;     // in patient_
    bool committing = false;  // has changes in a batch whose fate is not known
    bool started_committed = false;
  };

  // One execution's part of a batch, kept until its fate is known.
  struct Sealed {
    ExecutionId id;
    ExecutionSnapshot snapshot;
    bool over = false;
    Collected collected;
    std::vector<Waiter> waiters;
  };

  using Task = std::function<void()>;

  static bool Satisfied(WaitFor wait_for, const Execution& execution);
  static ExecutionSnapshot SnapshotOf(const Execution& execution, absl::Time now);
  // What callers are told when nobody knows what became of their work.
  static absl::Status Dropped(const absl::Status& cause);

  void Post(Task task);
  bool InboxEmpty() const;
  void Run();
  absl::Status Admit() const;
  void StartLive(StartRequest request, std::shared_ptr<Origin> origin);
  void AfterTurn(ExecutionId id, Live& live);
  void MarkDirty(ExecutionId id, Live& live);
  void SubmitEvaluations(ExecutionId id, Live& live);
  void OnEvaluated(ExecutionId id, const EvaluationRequest& request, sandbox::Outcome outcome);
  void StartEffect(ExecutionId id, EffectRequest effect);
  void FireTimers(absl::Time now);
  void FireTimer(const TimerEntry& timer, absl::Time now);

  // Puts a dirty execution where SealBatch or EndPatience finds it, unless a commit of it is under way.
  void Enqueue(ExecutionId id, Live& live);
  void EndPatience(absl::Time now);
  bool MaySeal() const;
  bool NothingLeftToSeal() const;
  void SealBatch();
  void SealExecution(ExecutionId id, Live& live, ChangeSet& set, std::vector<Sealed>& sealed, absl::Time now);
  void OnDecided(BatchOutcome outcome, absl::Time submitted);
  void OnSetDecided(std::vector<Sealed>& sealed, uint64_t generation, const absl::Status& status);
  void Settle(Sealed& sealed);
  void OnRefused(Sealed& sealed, const absl::Status& status);
  void FailWaiters(Live& live, const absl::Status& status);
  void Erase(ExecutionId id);
  void DropIfCold(ExecutionId id, Live& live, absl::Time now);
  void FinishReleases();

  // Calls `then` with the live execution, loading it first if needed; with null when there is none open.
  void WithLive(ExecutionId id, std::function<void(Live*)> then);
  void OnLoaded(ExecutionId id, absl::StatusOr<std::optional<RestoredExecution>> loaded);

  absl::Time NextWake(absl::Time now) const;

  const GroupOptions options_;
  Dependencies deps_;
  absl::BitGen random_;

  // The group's thread only.
  absl::flat_hash_map<ExecutionId, std::unique_ptr<Live>> executions_;
  absl::flat_hash_map<ExecutionId, std::vector<std::function<void(Live*)>>> loading_;
  std::deque<ExecutionId> ready_;  // to be sealed; those that were sealed with a sibling or went away are passed over
  // Changed, but waiting for the sandbox to go on; recorded as they are when their patience ends. The oldest first.
  std::deque<std::pair<absl::Time, ExecutionId>> patient_;
  std::vector<std::shared_ptr<Origin>> bare_receipts_;  // deliveries that start nothing
  TimerQueue timers_;
  int batches_under_way_ = 0;
  uint64_t generation_ = 0;  // raised by DropAll; what was asked before is not answered to
  std::vector<std::pair<ShardId, std::function<void()>>> releases_;
  absl::flat_hash_map<ExecutionId, int> refusals_;  // how often the database refused an execution's changes

  std::atomic<size_t> live_{0};
  mutable absl::Mutex mutex_;
  std::vector<Task> inbox_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Committer> committer_;
  std::thread thread_;
};

}  // namespace penstock::workflow_engine
