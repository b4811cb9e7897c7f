// The database's time, told from this machine's monotonic clock between two looks at it. Leases and due times go by it, so engines whose
// own clocks differ agree on what is due.
#pragma once

#include <atomic>
#include <chrono>

#include "libs/clock/clock.h"

namespace penstock::workflow_engine {

class DatabaseClock final : public Clock {
 public:
  // Until the first Set, the given clock's time.
  explicit DatabaseClock(const Clock& initial) { Set(initial.Now()); }

  absl::Time Now() const override { return absl::FromUnixMicros(offset_micros_.load(std::memory_order_relaxed) + MonotonicMicros()); }

  // `now` is what the database said a moment ago.
  void Set(absl::Time now) { offset_micros_.store(absl::ToUnixMicros(now) - MonotonicMicros(), std::memory_order_relaxed); }

 private:
  static int64_t MonotonicMicros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  std::atomic<int64_t> offset_micros_{0};
};

}  // namespace penstock::workflow_engine
