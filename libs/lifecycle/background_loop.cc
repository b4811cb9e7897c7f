#include "libs/lifecycle/background_loop.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <random>
#include <utility>

#include "fmt/format.h"
#include "libs/lifecycle/thread_name.h"
#include "libs/log/log.h"

namespace penstock::lifecycle {

struct BackgroundLoop::Measures {
  metrics::Counter succeeded;
  metrics::Counter failed;
  metrics::Gauge last_success;
};

BackgroundLoop::BackgroundLoop(Options options, std::function<absl::Status()> body,
                               const Clock& clock, metrics::Registry* registry)
    : options_(std::move(options)), body_(std::move(body)), clock_(clock) {
  if (registry == nullptr) return;
  auto runs = [&](const char* outcome) {
    return registry->Counter("penstock_loop_runs_total", "Runs of background loops.",
                             {{"loop", options_.name}, {"outcome", outcome}});
  };
  measures_ = std::make_unique<Measures>(
      Measures{runs("succeeded"), runs("failed"),
               registry->Gauge("penstock_loop_last_success_seconds",
                               "When a background loop last succeeded, as Unix time.",
                               {{"loop", options_.name}})});
}

BackgroundLoop::~BackgroundLoop() { Stop(); }

void BackgroundLoop::Start() {
  thread_ = std::thread([this] {
    NameThread(options_.name);
    Loop();
  });
}

void BackgroundLoop::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void BackgroundLoop::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

absl::Status BackgroundLoop::RunOnce() {
  absl::Status status;
  try {
    status = body_();
  } catch (const std::exception& error) {
    status = absl::InternalError(fmt::format("threw: {}", error.what()));
  } catch (...) {
    status = absl::InternalError("threw something that is not an exception");
  }
  Note(status);
  return status;
}

void BackgroundLoop::Note(const absl::Status& status) {
  if (measures_ != nullptr) {
    (status.ok() ? measures_->succeeded : measures_->failed).Increment();
    if (status.ok()) {
      measures_->last_success.Set(absl::ToDoubleSeconds(clock_.Now() - absl::UnixEpoch()));
    }
  }
  int failures_before = std::exchange(failures_, status.ok() ? 0 : failures_ + 1);
  if (failures_before == 0 && !status.ok()) {
    log::Error("background loop fails", {{"loop", options_.name}, {"status", status}});
  } else if (failures_before > 0 && status.ok()) {
    log::Info("background loop works again",
              {{"loop", options_.name}, {"failures", failures_before}});
  }
}

absl::Duration BackgroundLoop::Pause() const {
  absl::Duration pause = options_.period;
  if (failures_ > 0) {
    // 100 ms, 200 ms, ... but never more often than a loop that works.
    absl::Duration backoff = absl::Milliseconds(100) * std::exp2(std::min(failures_ - 1, 20));
    pause = std::max(pause, std::min(backoff, options_.max_backoff));
  }
  thread_local std::minstd_rand random{std::random_device()()};
  return pause * (1 + options_.jitter * std::uniform_real_distribution(-0.5, 0.5)(random));
}

void BackgroundLoop::Loop() {
  bool run = options_.run_at_start;
  while (true) {
    if (run) RunOnce().IgnoreError();
    run = true;
    auto stops_or_woken = [this]()
                              ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || woken_; };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stops_or_woken), Pause());
    if (stopping_) return;
    woken_ = false;
  }
}

}  // namespace penstock::lifecycle
