#include "libs/log/rate_limit.h"

namespace penstock::log {

std::optional<uint64_t> RateLimit::Pass(absl::Time now) {
  int64_t now_nanos = absl::ToUnixNanos(now);
  int64_t next = next_nanos_.load(std::memory_order_relaxed);
  // The exchange lets one of several threads through.
  if (now_nanos < next || !next_nanos_.compare_exchange_strong(next, now_nanos + period_nanos_,
                                                               std::memory_order_relaxed)) {
    skipped_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return skipped_.exchange(0, std::memory_order_relaxed);
}

}  // namespace penstock::log
