#include "services/interfaces/domain/rate_limiter.h"

#include <catch2/catch.hpp>

namespace penstock::interfaces {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

TEST_CASE("a second's worth passes at once, then one each interval") {
  RateLimiter limiter(10);
  for (int i = 0; i < 10; ++i) CHECK(limiter.Admit(kStart) == absl::ZeroDuration());
  CHECK(limiter.Admit(kStart) == absl::Milliseconds(100));
  CHECK(limiter.Admit(kStart + absl::Milliseconds(60)) == absl::Milliseconds(40));
  CHECK(limiter.Admit(kStart + absl::Milliseconds(100)) == absl::ZeroDuration());
  CHECK(limiter.Admit(kStart + absl::Milliseconds(100)) == absl::Milliseconds(100));
}

TEST_CASE("a pause fills the bucket and no more") {
  RateLimiter limiter(2);
  const absl::Time later = kStart + absl::Hours(1);
  CHECK(limiter.Admit(kStart) == absl::ZeroDuration());
  CHECK(limiter.Admit(later) == absl::ZeroDuration());
  CHECK(limiter.Admit(later) == absl::ZeroDuration());
  CHECK(limiter.Admit(later) > absl::ZeroDuration());
}

TEST_CASE("refused requests cost the sender nothing") {
  RateLimiter limiter(1);
  CHECK(limiter.Admit(kStart) == absl::ZeroDuration());
  for (int i = 0; i < 100; ++i) CHECK(limiter.Admit(kStart) == absl::Seconds(1));
  CHECK(limiter.Admit(kStart + absl::Seconds(1)) == absl::ZeroDuration());
}

}  // namespace
}  // namespace penstock::interfaces
