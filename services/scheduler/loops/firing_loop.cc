#include "services/scheduler/loops/firing_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/lifecycle/thread_name.h"
#include "libs/log/log.h"
#include "libs/status/macros.h"
#include "services/scheduler/ops/backfilling.h"
#include "services/scheduler/ops/firing.h"

namespace penstock::scheduler {
namespace {

constexpr int kAtOnce = 500;
// From one round to the next when the last one left nothing: what a transaction costs is better
// shared by what is due meanwhile.
constexpr absl::Duration kPace = absl::Milliseconds(10);
constexpr absl::Duration kAfterFailure = absl::Seconds(1);

const std::vector<double>& LatenessBuckets() {
  static const std::vector<double>& buckets =
      *new std::vector<double>{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600, 3600};
  return buckets;
}

absl::Time OrNever(std::optional<absl::Time> time) { return time.value_or(absl::InfiniteFuture()); }

}  // namespace

FiringLoop::FiringLoop(postgres::Pool& pool, EngineClient& engine, metrics::Registry& registry,
                       const Options& options)
    : pool_(pool),
      engine_(engine),
      options_(options),
      enough_room_(std::clamp(options.max_in_flight / 4, 1, kAtOnce)),
      lateness_(registry.Histogram("penstock_schedule_lateness_seconds",
                                   "From when an instant was due to the start of its execution.",
                                   LatenessBuckets())),
      in_flight_gauge_(registry.Gauge("penstock_schedule_calls_in_flight",
                                      "Calls to the engine that have not been answered.")),
      recorder_(pool, registry, [this] { Wake(); }) {}

FiringLoop::~FiringLoop() { Stop(); }

void FiringLoop::Start() {
  recorder_.Start();
  thread_ = std::thread([this] {
    lifecycle::NameThread("firing");
    Work();
  });
}

void FiringLoop::Stop() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    // Every call has a deadline.
    changed_.wait(lock, [this] { return in_flight_ == 0; });
  }
  if (thread_.joinable()) thread_.join();
  {
    // The last round may have sent some more.
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return in_flight_ == 0; });
  }
  recorder_.Stop();
}

void FiringLoop::Wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

int FiringLoop::in_flight() const {
  std::lock_guard lock(mutex_);
  return in_flight_;
}

void FiringLoop::Work() {
  bool fails = false;
  while (true) {
    const absl::StatusOr<absl::Duration> pause = Round();
    if (!pause.ok() && !fails) {
      log::Error("can't decide what is due", {{"status", pause.status()}});
    } else if (pause.ok() && fails) {
      log::Info("decides what is due again", {});
    }
    fails = !pause.ok();
    Sleep(pause.ok() ? *pause : kAfterFailure);
    std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
}

absl::StatusOr<absl::Duration> FiringLoop::Round() {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
  ASSIGN_OR_RETURN(const storage::NextDue next, storage::FindNextDue(*connection));
  connection.reset();
  const absl::Time first = std::min({OrNever(next.schedule), OrNever(next.run),
                                     OrNever(next.backfill)});
  if (first > next.now) return std::min(first - next.now, options_.poll_interval);
  const int room = std::min(kAtOnce, options_.max_in_flight - in_flight());
  // An answer wakes us.
  if (room < enough_room_) return options_.poll_interval;
  ASSIGN_OR_RETURN(const int fired, FireWhatIsDue(next, room));
  return fired >= room ? absl::ZeroDuration() : kPace;
}

absl::StatusOr<int> FiringLoop::FireWhatIsDue(const storage::NextDue& next, int room) {
  int fired = 0;
  if (OrNever(next.backfill) <= next.now) RETURN_IF_ERROR(AdvanceBackfills(pool_));
  if (OrNever(next.schedule) <= next.now) {
    ASSIGN_OR_RETURN(const std::vector<storage::RunTask> decided, DecideDue(pool_, room));
    for (const storage::RunTask& task : decided) Send(task);
    fired += static_cast<int>(decided.size());
  }
  // A backfill has made some.
  if (std::min(OrNever(next.run), OrNever(next.backfill)) <= next.now) {
    ASSIGN_OR_RETURN(const std::vector<storage::RunTask> woken,
                     WakeRuns(pool_, std::max(1, room - fired)));
    for (const storage::RunTask& task : woken) Send(task);
    fired += static_cast<int>(woken.size());
  }
  return fired;
}

void FiringLoop::Send(const storage::RunTask& task) {
  {
    std::lock_guard lock(mutex_);
    ++in_flight_;
    in_flight_gauge_.Set(in_flight_);
  }
  const auto done = [this, task](const absl::StatusOr<workflow::v1::Execution>& answer) {
    Answered(task, answer);
  };
  if (task.state == RunState::kPending) {
    engine_.Start(task, done);
  } else if (task.stop != Stop::kNone) {
    engine_.End(task, done);
  } else {
    engine_.Get(task, done);
  }
}

void FiringLoop::Answered(const storage::RunTask& task,
                          const absl::StatusOr<workflow::v1::Execution>& answer) {
  storage::RunResult result = ResultOf(task, answer);
  if (task.state == RunState::kPending && result.started_at) {
    lateness_.Observe(absl::ToDoubleSeconds(*result.started_at - task.due));
  }
  recorder_.Add(std::move(result));
  std::lock_guard lock(mutex_);
  --in_flight_;
  in_flight_gauge_.Set(in_flight_);
  if (options_.max_in_flight - in_flight_ == enough_room_) woken_ = true;
  changed_.notify_all();
}

void FiringLoop::Sleep(absl::Duration duration) {
  std::unique_lock lock(mutex_);
  if (duration > absl::ZeroDuration()) {
    changed_.wait_for(lock, absl::ToChronoNanoseconds(duration),
                      [this] { return stopping_ || woken_; });
  }
  woken_ = false;
}

}  // namespace penstock::scheduler
