#include "libs/testing/simulated_clock.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

namespace penstock::testing {
namespace {

TEST_CASE("simulated time stands still until it is advanced, and never goes back") {
  SimulatedClock clock(absl::UnixEpoch());
  CHECK(clock.Now() == absl::UnixEpoch());
  clock.Advance(absl::Seconds(5));
  CHECK(clock.Now() == absl::FromUnixSeconds(5));
  clock.AdvanceTo(absl::FromUnixSeconds(3));
  CHECK(clock.Now() == absl::FromUnixSeconds(5));
}

TEST_CASE("a waiter wakes when its time has come and not before") {
  SimulatedClock clock(absl::UnixEpoch());
  std::atomic<bool> woke = false;
  std::thread waiter([&] {
    clock.WaitUntil(absl::FromUnixSeconds(10));
    woke = true;
  });
  REQUIRE(clock.AwaitWaiters(1));
  clock.Advance(absl::Seconds(9));
  CHECK(clock.AwaitWaiters(1, absl::ZeroDuration()));
  CHECK_FALSE(woke);
  clock.Advance(absl::Seconds(1));
  waiter.join();
  CHECK(woke);
}

}  // namespace
}  // namespace penstock::testing
