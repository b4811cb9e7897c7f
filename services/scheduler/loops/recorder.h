// Writes what the engine said into the database, much at a time: while one transaction is under way
// the next fills.
#pragma once

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/scheduler/storage/claims.h"

namespace penstock::scheduler {

class Recorder {
 public:
  // `recorded` is called after each transaction, from the recorder's thread. All outlive it.
  Recorder(postgres::Pool& pool, metrics::Registry& registry, std::function<void()> recorded);
  ~Recorder();  // as Stop()
  void Start();
  // Writes what it has, once; what can't be written is found again when its lease has ended.
  void Stop();

  void Add(storage::RunResult result);

 private:
  void Work();
  std::vector<storage::RunResult> Take();
  void Count(const std::vector<storage::RunResult>& results);

  postgres::Pool& pool_;
  metrics::Registry& registry_;
  const std::function<void()> recorded_;
  absl::Mutex mutex_;
  std::vector<storage::RunResult> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace penstock::scheduler
