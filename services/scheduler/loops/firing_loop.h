// What the scheduler does all the time: decides what is due, starts it, and follows it to its end.
//
// Sleeps until something is due, at most for the poll interval, so that at rest it asks one
// question a second. Each round reads the database's time and sleeps for a difference of it, by a
// clock that nobody sets: jumps of the system's clock change nothing.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/scheduler/engine_client/engine_client.h"
#include "services/scheduler/loops/recorder.h"

namespace penstock::scheduler {

class FiringLoop {
 public:
  struct Options {
    absl::Duration poll_interval = absl::Seconds(1);
    int max_in_flight = 1000;  // calls to the engine at once
  };

  // All outlive it.
  FiringLoop(postgres::Pool& pool, EngineClient& engine, metrics::Registry& registry,
             const Options& options);
  ~FiringLoop();  // as Stop()
  void Start();
  // Decides nothing more, waits for calls under way and records their answers.
  void Stop();
  // Looks again now: something may be due.
  void Wake();

  int in_flight() const;

 private:
  void Work();
  // How long there is nothing to do.
  absl::StatusOr<absl::Duration> Round();
  // How many calls that led to; about `room` at most.
  absl::StatusOr<int> FireWhatIsDue(const storage::NextDue& next, int room);
  void Send(const storage::RunTask& task);
  void Answered(const storage::RunTask& task,
                const absl::StatusOr<workflow::v1::Execution>& answer);
  void Sleep(absl::Duration duration);

  postgres::Pool& pool_;
  EngineClient& engine_;
  const Options options_;
  // Calls that may be made before it is worth looking for what is due.
  const int enough_room_;
  metrics::Histogram lateness_;
  metrics::Gauge in_flight_gauge_;
  Recorder recorder_;
  // absl::CondVar waits by the system's clock, which may jump; these don't.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false, woken_ = false;
  int in_flight_ = 0;
  std::thread thread_;
};

}  // namespace penstock::scheduler
