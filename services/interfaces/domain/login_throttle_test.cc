#include "services/interfaces/domain/login_throttle.h"

#include <catch2/catch.hpp>

#include "fmt/format.h"

namespace penstock::interfaces {
namespace {

constexpr LoginThrottle::Options kSmall = {.account = {.burst = 3, .interval = absl::Seconds(30)},
                                           .address = {.burst = 5, .interval = absl::Seconds(1)},
                                           .max_entries = 10};
const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

TEST_CASE("an account takes so many failures at once, and then one at a time") {
  LoginThrottle throttle(kSmall);
  for (int i = 0; i < 3; ++i) CHECK(throttle.Begin("a", "x", kNow) == absl::ZeroDuration());
  CHECK(throttle.Begin("a", "y", kNow) == absl::Seconds(30));
  CHECK(throttle.Begin("a", "y", kNow + absl::Seconds(29)) == absl::Seconds(1));
  CHECK(throttle.Begin("a", "y", kNow + absl::Seconds(30)) == absl::ZeroDuration());
  CHECK(throttle.Begin("a", "y", kNow + absl::Seconds(30)) == absl::Seconds(30));
}

TEST_CASE("an address takes so many failures over all accounts") {
  LoginThrottle throttle(kSmall);
  for (int i = 0; i < 5; ++i) {
    CHECK(throttle.Begin(fmt::format("a{}", i), "x", kNow) == absl::ZeroDuration());
  }
  CHECK(throttle.Begin("another", "x", kNow) == absl::Seconds(1));
  CHECK(throttle.Begin("another", "y", kNow) == absl::ZeroDuration());
}

TEST_CASE("an attempt that was refused counts for nothing") {
  LoginThrottle throttle(kSmall);
  for (int i = 0; i < 50; ++i) throttle.Begin("a", "x", kNow);
  CHECK(throttle.Begin("a", "y", kNow + absl::Seconds(30)) == absl::ZeroDuration());
}

TEST_CASE("a right password ends the account's count and gives the address its place back") {
  LoginThrottle throttle(kSmall);
  for (int i = 0; i < 40; ++i) {
    REQUIRE(throttle.Begin("a", "x", kNow) == absl::ZeroDuration());
    throttle.Succeed("a", "x");
  }
}

TEST_CASE("made-up names don't fill memory") {
  LoginThrottle throttle(kSmall);
  for (int i = 0; i < 1000; ++i) throttle.Begin(fmt::format("a{}", i), fmt::format("x{}", i), kNow);
  CHECK(throttle.size() <= 10);
}

}  // namespace
}  // namespace penstock::interfaces
