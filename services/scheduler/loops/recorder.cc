#include "services/scheduler/loops/recorder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/lifecycle/thread_name.h"
#include "libs/log/log.h"

namespace penstock::scheduler {
namespace {

constexpr size_t kMaxBatch = 500;
constexpr absl::Duration kPauseAfterFailure = absl::Milliseconds(500);

}  // namespace

Recorder::Recorder(postgres::Pool& pool, metrics::Registry& registry,
                   std::function<void()> recorded)
    : pool_(pool), registry_(registry), recorded_(std::move(recorded)) {}

Recorder::~Recorder() { Stop(); }

void Recorder::Start() {
  thread_ = std::thread([this] {
    lifecycle::NameThread("recorder");
    Work();
  });
}

void Recorder::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Recorder::Add(storage::RunResult result) {
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(result));
}

std::vector<storage::RunResult> Recorder::Take() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](Recorder* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return !self->waiting_.empty() || self->stopping_;
      },
      this));
  const auto end = waiting_.begin() + static_cast<long>(std::min(kMaxBatch, waiting_.size()));
  std::vector<storage::RunResult> batch(std::make_move_iterator(waiting_.begin()),
                                        std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void Recorder::Work() {
  for (std::vector<storage::RunResult> batch = Take(); !batch.empty(); batch = Take()) {
    absl::Status status;
    while (true) {
      status = postgres::RunInTransaction(pool_, {}, [&](postgres::Connection& connection) {
        return storage::RecordResults(connection, batch);
      });
      // Recording twice changes nothing, so an answer that was lost is asked for again.
      if (status.ok()) break;
      log::Error("can't record what became of runs", {{"status", status}});
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kPauseAfterFailure)) return;
    }
    Count(batch);
    recorded_();
  }
}

void Recorder::Count(const std::vector<storage::RunResult>& results) {
  for (const storage::RunResult& result : results) {
    if (result.state == RunState::kPending || result.state == RunState::kRunning) continue;
    registry_
        .Counter("penstock_schedule_runs_total", "Instants of schedules that have ended, by how.",
                 {{"state", std::string(Name(result.state))}})
        .Increment();
  }
}

}  // namespace penstock::scheduler
