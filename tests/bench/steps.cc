// W2 and W3: what a step costs inside an execution.
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/start_load.h"
#include "tests/bench/workflows.h"

namespace penstock::bench {
namespace {

absl::Status MeasureStarts(Bench& bench, const std::string& scenario, const std::string& workflow,
                           const std::vector<int>& in_flight, const char* unit, int steps) {
  ASSIGN_OR_RETURN(std::string id, bench.Publish(workflow));
  for (int count : in_flight) {
    auto load = [&](absl::Duration duration) -> absl::StatusOr<LoadResult> {
      return RunStartLoad(bench.deployment().clients(),
                          {.workflow_id = id, .in_flight = count, .duration = duration});
    };
    RETURN_IF_ERROR(
        bench.Measure(scenario, fmt::format("{} at once, {}", count, unit), load, steps));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureFanOut(Bench& bench) {
  constexpr int kWidth = 100;
  // The trigger is not counted; the join is.
  return MeasureStarts(bench, "W2", FanOutAndJoin(kWidth), {1, 8}, "steps", kWidth + 1);
}

absl::Status MeasureSequence(Bench& bench) {
  constexpr int kLength = 20;
  return MeasureStarts(bench, "W3", Sequence(kLength), {1, 16}, "nodes", kLength);
}

}  // namespace penstock::bench
