#include "services/workflow_engine/engine/retry.h"

#include "absl/random/random.h"
#include "catch2/catch.hpp"

namespace penstock::workflow_engine {
namespace {

std::optional<absl::Duration> DelayOf(const RetryPolicy& policy, int attempt, NodeError error = {},
                                      absl::Duration elapsed = absl::ZeroDuration()) {
  absl::BitGen random;
  return NextDelay(policy, {.attempt = attempt, .error = error, .elapsed = elapsed}, random);
}

TEST_CASE("delays grow by the coefficient up to the cap") {
  RetryPolicy policy{.maximum_attempts = 1000, .jitter = 0};
  CHECK(DelayOf(policy, 1) == absl::Seconds(1));
  CHECK(DelayOf(policy, 2) == absl::Seconds(2));
  CHECK(DelayOf(policy, 5) == absl::Seconds(16));
  CHECK(DelayOf(policy, 8) == absl::Seconds(100));
  CHECK(DelayOf(policy, 999) == absl::Seconds(100));
  policy.maximum_interval = absl::Seconds(3);
  CHECK(DelayOf(policy, 4) == absl::Seconds(3));
}

TEST_CASE("jitter spreads a delay by its share and no further") {
  RetryPolicy policy{.maximum_attempts = 10, .jitter = 0.5};
  bool varies = false;
  for (int i = 0; i < 200; ++i) {
    absl::Duration delay = *DelayOf(policy, 1);
    CHECK(delay >= absl::Milliseconds(500));
    CHECK(delay <= absl::Milliseconds(1500));
    varies |= delay != absl::Seconds(1);
  }
  CHECK(varies);
}

TEST_CASE("attempts count the first one") {
  CHECK_FALSE(DelayOf({.maximum_attempts = 1}, 1));
  CHECK(DelayOf({.maximum_attempts = 3}, 2));
  CHECK_FALSE(DelayOf({.maximum_attempts = 3}, 3));
}

TEST_CASE("errors that are not to be retried are not") {
  RetryPolicy policy{.maximum_attempts = 10, .non_retryable_error_types = {"TypeError"}};
  CHECK_FALSE(DelayOf(policy, 1, {.type = "TypeError"}));
  CHECK_FALSE(DelayOf(policy, 1, {.type = "HTTP_400", .retryable = false}));
  CHECK(DelayOf(policy, 1, {.type = "RangeError"}));
}

TEST_CASE("an error may ask for a longer delay") {
  RetryPolicy policy{.maximum_attempts = 10, .jitter = 0};
  CHECK(DelayOf(policy, 1, {.retry_after = absl::Seconds(30)}) == absl::Seconds(30));
  CHECK(DelayOf(policy, 5, {.retry_after = absl::Seconds(3)}) == absl::Seconds(16));
}

TEST_CASE("a retry that would begin past the total budget is not made") {
  RetryPolicy policy{.maximum_attempts = 10, .jitter = 0, .maximum_elapsed = absl::Seconds(10)};
  CHECK(DelayOf(policy, 1, {}, absl::Seconds(9)));
  CHECK_FALSE(DelayOf(policy, 1, {}, absl::Milliseconds(9001)));
}

}  // namespace
}  // namespace penstock::workflow_engine
