// Keeps an error that happens a thousand times a second from filling the log: the first line of a
// period is written, the others are counted, and the next line that passes says how many were left
// out.
//
//   static log::RateLimit limit(absl::Seconds(10));
//   if (auto skipped = limit.Pass(clock.Now())) log::Error("batch failed", {{"status", s},
//   {"skipped", *skipped}});
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace penstock::log {

class RateLimit {
 public:
  explicit RateLimit(absl::Duration period) : period_nanos_(absl::ToInt64Nanoseconds(period)) {}

  // How many were refused since the last that passed, or none when this one is refused. Safe from
  // any thread.
  std::optional<uint64_t> Pass(absl::Time now);

 private:
  const int64_t period_nanos_;
  std::atomic<int64_t> next_nanos_{INT64_MIN};
  std::atomic<uint64_t> skipped_{0};
};

}  // namespace penstock::log
