#include "services/connector/outbound/retry.h"

#include <algorithm>

namespace penstock::connector {
namespace {

// So that those who were told the same second do not all come in it.
constexpr double kSpread = 0.1;

}  // namespace

void RetryBudget::Earn() { left_ = std::min(left_ + kPerCall, kMost); }

bool RetryBudget::Spend() {
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

std::optional<absl::Duration> NextDelay(const RetryPolicy& policy, const FailedAttempt& failed,
                                        double jitter) {
  if (failed.attempt >= policy.maximum_attempts) return std::nullopt;
  if (!MayRetry(failed.outcome.kind, failed.idempotent)) return std::nullopt;
  const int doublings = std::min(failed.attempt - 1, 20);
  const absl::Duration most =
      std::min(policy.initial_delay * (1 << doublings), policy.maximum_delay);
  absl::Duration delay = most * jitter;
  if (failed.outcome.come_back) {
    delay =
        *failed.outcome.come_back + std::min(*failed.outcome.come_back, most) * kSpread * jitter;
  }
  return delay < failed.left ? std::optional(delay) : std::nullopt;
}

}  // namespace penstock::connector
