// How often and how soon a failed attempt is made again. Pure.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "services/connector/outbound/outcome.h"

namespace penstock::connector {

struct RetryPolicy {
  int maximum_attempts = 3;  // the first included; 1 = no retries
  absl::Duration initial_delay = absl::Milliseconds(200);
  absl::Duration maximum_delay = absl::Seconds(5);
};

// Keeps retries from becoming a storm: each call earns a part of one, each retry spends a whole.
// Not thread-safe.
class RetryBudget {
 public:
  void Earn();
  // False when there is nothing left.
  bool Spend();

 private:
  static constexpr double kMost = 10;
  static constexpr double kPerCall = 0.1;
  double left_ = kMost;
};

struct FailedAttempt {
  Outcome outcome;
  int attempt = 1;  // its number, from 1
  bool idempotent = false;
  absl::Duration left;  // until the deadline
};

// The delay before the next attempt, or nothing when there is to be none: full jitter over a
// doubling delay, never before the time that the answer named, and only when it leaves time to
// send. `jitter` is uniform in [0, 1).
std::optional<absl::Duration> NextDelay(const RetryPolicy& policy, const FailedAttempt& failed,
                                        double jitter);

}  // namespace penstock::connector
