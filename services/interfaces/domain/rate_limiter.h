// A token bucket without a lock (the generic cell rate algorithm): `rate` a second on average, and
// as many at once after a pause.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace penstock::interfaces {

class RateLimiter {
 public:
  // `rate` is positive.
  explicit RateLimiter(int64_t rate) : rate_(rate), interval_nanos_(1'000'000'000 / rate) {}

  // Zero when the request may pass, else how long until one may. Safe from any thread.
  absl::Duration Admit(absl::Time now);

  int64_t rate() const { return rate_; }

 private:
  const int64_t rate_;
  const int64_t interval_nanos_;
  // When the bucket would be full again, in nanoseconds since the epoch.
  std::atomic<int64_t> full_at_{0};
};

}  // namespace penstock::interfaces
