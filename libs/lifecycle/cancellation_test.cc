#include "libs/lifecycle/cancellation.h"

#include <catch2/catch.hpp>
#include <thread>

namespace penstock::lifecycle {
namespace {

TEST_CASE("a sleeper wakes when nobody waits any more") {
  Cancellation cancellation;
  CHECK(cancellation.Sleep(absl::ZeroDuration()));
  std::thread canceller([&] { cancellation.Cancel(); });
  CHECK_FALSE(cancellation.Sleep(absl::InfiniteDuration()));
  canceller.join();
  CHECK(cancellation.cancelled());
}

TEST_CASE("what is registered runs once, and not when it has been taken back") {
  Cancellation cancellation;
  int kept = 0, dropped = 0;
  {
    const Cancellation::Registration gone(&cancellation, [&] { ++dropped; });
  }
  const Cancellation::Registration stays(&cancellation, [&] { ++kept; });
  cancellation.Cancel();
  cancellation.Cancel();
  CHECK(kept == 1);
  CHECK(dropped == 0);
}

}  // namespace
}  // namespace penstock::lifecycle
