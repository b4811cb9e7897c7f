#include "services/scheduler/loops/firing_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/lifecycle/thread_name.h"
#include "libs/log/log.h"
#include "libs/status/macros.h"
#include "services/scheduler/ops/firing.h"

namespace penstock::scheduler {
namespace {

constexpr int kAtOnce = 500;
// What others are at, and what was due a moment ago.
constexpr absl::Duration kShortest = absl::Milliseconds(5);
constexpr absl::Duration kAfterFailure = absl::Seconds(1);

const std::vector<double>& LatenessBuckets() {
  static const std::vector<double>& buckets =
      *new std::vector<double>{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600, 3600};
  return buckets;
}

}  // namespace

FiringLoop::FiringLoop(postgres::Pool& pool, EngineClient& engine, metrics::Registry& registry,
                       const Options& options)
    : pool_(pool),
      engine_(engine),
      options_(options),
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
  const absl::Duration until = next.due ? *next.due - next.now : absl::InfiniteDuration();
  if (until > absl::ZeroDuration()) return std::min(until, options_.poll_interval);
  ASSIGN_OR_RETURN(const int fired, FireWhatIsDue());
  return fired > 0 ? absl::ZeroDuration() : kShortest;
}

absl::StatusOr<int> FiringLoop::FireWhatIsDue() {
  const int room = std::min(kAtOnce, options_.max_in_flight - in_flight());
  // An answer wakes us.
  if (room <= 0) return 0;
  RETURN_IF_ERROR(AdvanceBackfills(pool_));
  ASSIGN_OR_RETURN(const std::vector<storage::RunTask> decided, DecideDue(pool_, room));
  for (const storage::RunTask& task : decided) Send(task);
  ASSIGN_OR_RETURN(const std::vector<storage::RunTask> woken,
                   WakeRuns(pool_, std::max(1, room - static_cast<int>(decided.size()))));
  for (const storage::RunTask& task : woken) Send(task);
  return static_cast<int>(decided.size() + woken.size());
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
  } else if (task.cancel_requested) {
    engine_.Cancel(task, done);
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
