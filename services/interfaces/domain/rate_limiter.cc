#include "services/interfaces/domain/rate_limiter.h"

#include <algorithm>

namespace penstock::interfaces {

absl::Duration RateLimiter::Admit(absl::Time now) {
  const int64_t now_nanos = absl::ToUnixNanos(now);
  const int64_t capacity_nanos = rate_ * interval_nanos_;
  int64_t full_at = full_at_.load(std::memory_order_relaxed);
  for (;;) {
    const int64_t after = std::max(full_at, now_nanos) + interval_nanos_;
    const int64_t excess = after - now_nanos - capacity_nanos;
    if (excess > 0) return absl::Nanoseconds(excess);
    if (full_at_.compare_exchange_weak(full_at, after, std::memory_order_relaxed)) {
      return absl::ZeroDuration();
    }
  }
}

}  // namespace penstock::interfaces
