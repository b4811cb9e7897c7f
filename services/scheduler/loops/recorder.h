// Writes what the engine said into the database, much at a time: while one transaction is under way
// the next fills.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/scheduler/storage/claims.h"

namespace penstock::scheduler {

class Recorder {
 public:
  // `due` is called when what was recorded may have made something due, from the recorder's thread.
  // All outlive it.
  Recorder(postgres::Pool& pool, metrics::Registry& registry, std::function<void()> due);
  ~Recorder();  // as Stop()
  void Start();
  // Writes what it has, once; what can't be written is found again when its lease has ended.
  void Stop();

  void Add(storage::RunResult result);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void Work();
  // What there is, not before that time unless there is much of it; nothing when it stops.
  std::vector<storage::RunResult> Take(SteadyTime not_before);
  // How many runs that had waited may start now; nothing when it was stopped before it could write.
  std::optional<int64_t> Record(const std::vector<storage::RunResult>& batch);
  void Count(const std::vector<storage::RunResult>& results);

  postgres::Pool& pool_;
  metrics::Registry& registry_;
  const std::function<void()> due_;
  // absl::CondVar waits by the system's clock, which may jump; these don't.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<storage::RunResult> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace penstock::scheduler
