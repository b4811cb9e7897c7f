#include "services/connector/oauth/recovery.h"

#include <algorithm>

namespace penstock::connector {
namespace {

constexpr absl::Duration kFirstRest = absl::Seconds(5);
constexpr absl::Duration kMaxRest = absl::Minutes(5);

absl::Duration Rest(const TokenFailure& failure, int failures) {
  const absl::Duration doubled = kFirstRest * (1 << std::min(failures, 10));
  return std::max(std::min(doubled, kMaxRest), failure.retry_after);
}

// The provider takes the token again that we have sent before.
bool TakesUsedOnes(const Situation& s, absl::Duration age) {
  return s.rotation == Rotation::kNone || (s.rotation == Rotation::kGrace && age < s.grace_period);
}

}  // namespace

Conclusion Conclude(const TokenFailure& failure, const Situation& s) {
  Conclusion result{.failure = failure.failure, .rest = Rest(failure, s.failures)};
  if (failure.failure == FailureClass::kRevokedOrExpired && s.unknown_before &&
      s.rotation != Rotation::kNone) {
    result.try_previous = s.used == storage::TokenUsed::kCurrent && s.has_previous &&
                          TakesUsedOnes(s, s.since_unknown);
    result.failure = FailureClass::kLostRotation;
  }
  if (failure.delivery != Delivery::kUnknown) return result;
  const absl::Duration age = s.unknown_before ? s.since_unknown : absl::ZeroDuration();
  if (!TakesUsedOnes(s, age)) {
    result.keep_lease = true;
  } else if (s.failures == 0 && failure.retry_after == absl::ZeroDuration()) {
    result.rest = absl::ZeroDuration();
  }
  return result;
}

}  // namespace penstock::connector
