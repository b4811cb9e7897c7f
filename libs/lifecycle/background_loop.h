// Something that must keep happening: a body run on its own thread, every period with jitter,
// sooner when woken, later after failures (exponential back-off). One line is logged when it starts
// failing and one when it works again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/metrics/metrics.h"

namespace penstock::lifecycle {

class BackgroundLoop {
 public:
  struct Options {
    std::string name;  // of the thread (up to 15 characters), the log lines and the metric label
    absl::Duration period;
    double jitter = 0.1;  // share of each pause that is random
    absl::Duration max_backoff = absl::Seconds(30);
    bool run_at_start = true;
  };

  // Exports penstock_loop_runs_total{loop,outcome} and penstock_loop_last_success_seconds{loop}
  // when `registry` is given. What the body throws counts as INTERNAL.
  BackgroundLoop(Options options, std::function<absl::Status()> body, const Clock& clock,
                 metrics::Registry* registry = nullptr);
  ~BackgroundLoop();  // as Stop()
  BackgroundLoop(const BackgroundLoop&) = delete;
  BackgroundLoop& operator=(const BackgroundLoop&) = delete;

  void Start();
  // Waits for a run in progress. The body is not run afterwards. May be called twice and without
  // Start.
  void Stop();
  // Runs as soon as possible; several wake-ups before a run are one. Safe from any thread, also
  // from the body.
  void Wake();
  // One run on the caller's thread; for tests, instead of Start.
  absl::Status RunOnce();

 private:
  struct Measures;
  void Loop();
  void Note(const absl::Status& status);
  absl::Duration Pause() const;

  const Options options_;
  const std::function<absl::Status()> body_;
  const Clock& clock_;
  std::unique_ptr<Measures> measures_;
  int failures_ = 0;  // in a row; touched by the running thread only
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace penstock::lifecycle
