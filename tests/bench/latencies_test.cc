#include "tests/bench/latencies.h"

#include <catch2/catch.hpp>

namespace penstock::bench {
namespace {

TEST_CASE("a percentile is the smallest value that so many do not exceed") {
  Latencies latencies;
  for (int i = 100; i >= 1; --i) latencies.Add(std::chrono::milliseconds(i));
  CHECK(latencies.PercentileMs(0.50) == Approx(50));
  CHECK(latencies.PercentileMs(0.99) == Approx(99));
  CHECK(latencies.PercentileMs(1) == Approx(100));
  CHECK(latencies.PercentileMs(0) == Approx(1));
}

TEST_CASE("no latencies have no percentile but zero") {
  CHECK(Latencies().PercentileMs(0.99) == 0);
}

TEST_CASE("merged latencies count together") {
  Latencies slow, fast;
  slow.Add(std::chrono::milliseconds(30));
  fast.Add(std::chrono::milliseconds(1));
  fast.Merge(slow);
  CHECK(fast.size() == 2);
  CHECK(fast.PercentileMs(1) == Approx(30));
}

}  // namespace
}  // namespace penstock::bench
