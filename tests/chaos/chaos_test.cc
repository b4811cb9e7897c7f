// The short form, for every change. The long one is ./dev chaos.
#include <catch2/catch.hpp>

#include "tests/chaos/storm.h"

namespace penstock::chaos {
namespace {

void CheckStorm(const StormOptions& options) {
  absl::StatusOr<StormResult> result = RunStorm(options);
  INFO(result.status().ToString());
  REQUIRE(result.ok());
  for (const std::string& violation : result->verdict.violations) FAIL_CHECK(violation);
  // A storm in which nothing was promised would prove nothing.
  CHECK(result->acknowledged_webhooks > 20);
  CHECK(result->acknowledged_starts > 20);
}

TEST_CASE("a dozen kills of engine, sandbox and PostgreSQL under load lose and repeat nothing") {
  CheckStorm({.kills = 12, .seed = 20240607, .engines = 1});
}

TEST_CASE("two engines hand work over through kills without losing or repeating any") {
  CheckStorm({.kills = 6, .seed = 7, .engines = 2});
}

}  // namespace
}  // namespace penstock::chaos
