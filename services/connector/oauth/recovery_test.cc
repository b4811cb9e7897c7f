#include "services/connector/oauth/recovery.h"

#include <catch2/catch.hpp>

namespace penstock::connector {
namespace {

TokenFailure Lost() {
  return {.failure = FailureClass::kProviderUnavailable, .delivery = Delivery::kUnknown};
}
TokenFailure Refused() {
  return {.failure = FailureClass::kRevokedOrExpired, .delivery = Delivery::kRefused};
}

TEST_CASE(
    "a lost answer holds the lease where tokens are used up, and is asked for again at once where "
    "they are not") {
  for (Rotation rotation : {Rotation::kSingleUse, Rotation::kRotating}) {
    CHECK(Conclude(Lost(), {.rotation = rotation}).keep_lease);
    CHECK(Conclude(Lost(), {.rotation = rotation}).rest > absl::ZeroDuration());
  }
  for (Rotation rotation : {Rotation::kNone, Rotation::kGrace}) {
    const Conclusion conclusion =
        Conclude(Lost(), {.rotation = rotation, .grace_period = absl::Minutes(30)});
    CHECK_FALSE(conclusion.keep_lease);
    CHECK(conclusion.rest == absl::ZeroDuration());
  }
}

TEST_CASE("asking again at once is done once, and not against the provider's wish") {
  CHECK(Conclude(Lost(), {.rotation = Rotation::kNone, .failures = 1}).rest >= absl::Seconds(5));
  TokenFailure told = Lost();
  told.retry_after = absl::Seconds(40);
  CHECK(Conclude(told, {.rotation = Rotation::kNone}).rest == absl::Seconds(40));
}

TEST_CASE("past the grace period a token is used up") {
  CHECK(Conclude(Lost(), {.rotation = Rotation::kGrace,
                          .grace_period = absl::Minutes(30),
                          .unknown_before = true,
                          .since_unknown = absl::Minutes(31)})
            .keep_lease);
}

TEST_CASE("a refusal after a lost answer is a lost rotation, but only where tokens rotate") {
  CHECK(Conclude(Refused(), {.rotation = Rotation::kSingleUse}).failure ==
        FailureClass::kRevokedOrExpired);
  CHECK(Conclude(Refused(), {.rotation = Rotation::kSingleUse, .unknown_before = true}).failure ==
        FailureClass::kLostRotation);
  CHECK(Conclude(Refused(), {.rotation = Rotation::kRotating, .unknown_before = true}).failure ==
        FailureClass::kLostRotation);
  CHECK(Conclude(Refused(), {.rotation = Rotation::kNone, .unknown_before = true}).failure ==
        FailureClass::kRevokedOrExpired);
}

TEST_CASE(
    "the previous token is tried once, where the provider takes used ones and an outcome is not "
    "known") {
  const Situation grace{.rotation = Rotation::kGrace,
                        .grace_period = absl::Minutes(30),
                        .has_previous = true,
                        .unknown_before = true};
  CHECK(Conclude(Refused(), grace).try_previous);
  Situation other = grace;
  other.used = storage::TokenUsed::kPrevious;
  CHECK_FALSE(Conclude(Refused(), other).try_previous);
  other = grace;
  other.has_previous = false;
  CHECK_FALSE(Conclude(Refused(), other).try_previous);
  other = grace;
  other.unknown_before = false;
  CHECK_FALSE(Conclude(Refused(), other).try_previous);
  other = grace;
  other.rotation = Rotation::kSingleUse;
  CHECK_FALSE(Conclude(Refused(), other).try_previous);
  other = grace;
  other.since_unknown = absl::Minutes(31);
  CHECK_FALSE(Conclude(Refused(), other).try_previous);
}

TEST_CASE("rests double, to five minutes, and are as long as the provider asks") {
  TokenFailure limited{.failure = FailureClass::kRateLimited, .delivery = Delivery::kRefused};
  CHECK(Conclude(limited, {}).rest == absl::Seconds(5));
  CHECK(Conclude(limited, {.failures = 2}).rest == absl::Seconds(20));
  CHECK(Conclude(limited, {.failures = 1000}).rest == absl::Minutes(5));
  limited.retry_after = absl::Minutes(20);
  CHECK(Conclude(limited, {}).rest == absl::Minutes(20));
}

}  // namespace
}  // namespace penstock::connector
