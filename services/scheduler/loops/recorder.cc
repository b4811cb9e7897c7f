#include "services/scheduler/loops/recorder.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "libs/lifecycle/thread_name.h"
#include "libs/log/log.h"

namespace penstock::scheduler {
namespace {

constexpr size_t kMaxBatch = 500;
// From one transaction to the next, unless there is enough for it: what it costs is better shared.
constexpr std::chrono::milliseconds kPace(20);
constexpr std::chrono::milliseconds kPauseAfterFailure(500);

bool IsOpen(const storage::RunResult& result) {
  return result.state == RunState::kPending || result.state == RunState::kRunning;
}

}  // namespace

Recorder::Recorder(postgres::Pool& pool, metrics::Registry& registry,
                   std::function<void()> due)
    : pool_(pool), registry_(registry), due_(std::move(due)) {}

Recorder::~Recorder() { Stop(); }

void Recorder::Start() {
  thread_ = std::thread([this] {
    lifecycle::NameThread("recorder");
    Work();
  });
}

void Recorder::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Recorder::Add(storage::RunResult result) {
  std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(result));
  changed_.notify_all();
}

std::vector<storage::RunResult> Recorder::Take(SteadyTime not_before) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !waiting_.empty() || stopping_; });
  changed_.wait_until(lock, not_before,
                      [this] { return waiting_.size() >= kMaxBatch || stopping_; });
  const auto end = waiting_.begin() + static_cast<long>(std::min(kMaxBatch, waiting_.size()));
  std::vector<storage::RunResult> batch(std::make_move_iterator(waiting_.begin()),
                                        std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void Recorder::Work() {
  SteadyTime next;
  while (true) {
    const std::vector<storage::RunResult> batch = Take(next);
    if (batch.empty()) return;
    next = std::chrono::steady_clock::now() + kPace;
    const std::optional<int64_t> promoted = Record(batch);
    if (!promoted) return;
    Count(batch);
    // What is still open may have to be looked at at once, and so has what waited for an end.
    if (*promoted > 0 || std::ranges::any_of(batch, IsOpen)) due_();
  }
}

std::optional<int64_t> Recorder::Record(const std::vector<storage::RunResult>& batch) {
  while (true) {
    const absl::StatusOr<int64_t> promoted = postgres::RunInTransactionReturning<int64_t>(
        pool_, {}, [&](postgres::Connection& connection) {
          return storage::RecordResults(connection, batch);
        });
    // Recording twice changes nothing, so an answer that was lost is asked for again.
    if (promoted.ok()) return *promoted;
    log::Error("can't record what became of runs", {{"status", promoted.status()}});
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kPauseAfterFailure, [this] { return stopping_; })) {
      return std::nullopt;
    }
  }
}

void Recorder::Count(const std::vector<storage::RunResult>& results) {
  for (const storage::RunResult& result : results) {
    if (IsOpen(result)) continue;
    registry_
        .Counter("penstock_schedule_runs_total", "Instants of schedules that have ended, by how.",
                 {{"state", std::string(Name(result.state))}})
        .Increment();
  }
}

}  // namespace penstock::scheduler
