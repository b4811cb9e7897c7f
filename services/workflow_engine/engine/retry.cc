#include "services/workflow_engine/engine/retry.h"

#include <algorithm>
#include <cmath>

#include "absl/random/distributions.h"

namespace penstock::workflow_engine {

std::optional<absl::Duration> NextDelay(const RetryPolicy& policy, const FailedAttempt& failed, absl::BitGenRef random) {
  if (!failed.error.retryable || failed.attempt >= policy.maximum_attempts) return std::nullopt;
  const auto& never = policy.non_retryable_error_types;
  if (std::find(never.begin(), never.end(), failed.error.type) != never.end()) return std::nullopt;

  absl::Duration cap = policy.maximum_interval > absl::ZeroDuration() ? policy.maximum_interval : 100 * policy.initial_interval;
  // pow() may overflow to infinity; a duration times infinity is InfiniteDuration, which the cap takes care of.
  absl::Duration delay = std::min(cap, policy.initial_interval * std::pow(policy.backoff_coefficient, failed.attempt - 1));
  delay *= absl::Uniform(random, 1.0 - policy.jitter, 1.0 + policy.jitter);
  delay = std::max(delay, failed.error.retry_after);
  if (policy.maximum_elapsed > absl::ZeroDuration() && failed.elapsed + delay > policy.maximum_elapsed) return std::nullopt;
  return delay;
}

}  // namespace penstock::workflow_engine
