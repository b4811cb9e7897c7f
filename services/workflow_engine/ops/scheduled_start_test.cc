#include "services/workflow_engine/ops/scheduled_start.h"

#include <catch2/catch.hpp>

namespace penstock::workflow_engine {
namespace {

TEST_CASE("a scheduler's key says its instant and the trigger to begin with") {
  constexpr char kKey[] = "schedule/0198f0a0-0000-7000-8000-000000000001/1700000000000001/tick";
  CHECK(ScheduledNode(kKey) == "tick");
  CHECK(ScheduledInstant(kKey) == absl::FromUnixMicros(1'700'000'000'000'001));
}

TEST_CASE("a schedule that a caller made names no trigger") {
  constexpr char kKey[] = "schedule/0198f0a0-0000-7000-8000-000000000001/1700000000000001/";
  CHECK(ScheduledNode(kKey).empty());
  CHECK(ScheduledInstant(kKey));
}

TEST_CASE("other keys say nothing") {
  for (const char* key : {"", "order/17/4711/x", "schedule/", "schedule/x", "schedule/a/b/c"}) {
    INFO(key);
    CHECK_FALSE(ScheduledInstant(key));
  }
  CHECK(ScheduledNode("order/17/4711/x").empty());
}

}  // namespace
}  // namespace penstock::workflow_engine
