#include "tests/bench/figure.h"

#include <catch2/catch.hpp>

namespace penstock::bench {
namespace {

Figure WithRate(double per_second) {
  Figure figure{"W1", "1 in flight", {}};
  figure.Set("per_second", per_second);
  return figure;
}

TEST_CASE("the median of an odd number of repeats is the middle one") {
  CHECK(*MedianOf({WithRate(30), WithRate(1000), WithRate(20)}).Find("per_second") == 30);
}

TEST_CASE("the median of an even number of repeats lies between the middle two") {
  CHECK(*MedianOf({WithRate(10), WithRate(30)}).Find("per_second") == 20);
}

TEST_CASE("a value that was not measured is not found") {
  CHECK(WithRate(1).Find("p99_ms") == nullptr);
}

}  // namespace
}  // namespace penstock::bench
