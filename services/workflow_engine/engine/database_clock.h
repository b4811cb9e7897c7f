// The database's time, told from this machine's monotonic clock between two looks at it. Leases and due times go by it, so engines whose
// own clocks differ agree on what is due.
//
// A look tells the database's time at some moment between asking and the answer, which may be milliseconds apart. What holds after all looks
// so far is narrower than what the last one alone says, and grows as the two clocks may drift apart.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "libs/clock/clock.h"

namespace penstock::workflow_engine {

class DatabaseClock final : public Clock {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Until the first Set, the given clock's time.
  explicit DatabaseClock(const Clock& initial);

  absl::Time Now() const override {
    return absl::FromUnixMicros(offset_micros_.load(std::memory_order_relaxed) + Micros(std::chrono::steady_clock::now()));
  }

  // `now` is what the database said between the two moments. From one thread.
  void Set(absl::Time now, Moment asked, Moment answered);

 private:
  static int64_t Micros(Moment moment) {
    return std::chrono::duration_cast<std::chrono::microseconds>(moment.time_since_epoch()).count();
  }

  std::atomic<int64_t> offset_micros_{0};
  // Where the offset lies, as of `seen_`.
  int64_t lowest_ = 0, highest_ = 0;
  int64_t seen_ = 0;
};

}  // namespace penstock::workflow_engine
