// ./dev bench: measures the real services on a durable PostgreSQL of their own.
#include <stdio.h>
#include <string.h>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/bench.h"
#include "tests/bench/scenarios.h"

namespace penstock::bench {
namespace {

constexpr struct {
  const char* name;
  absl::Status (*measure)(Bench&);
  // A comparison of its own, and not of the figures of a release.
  bool only_when_named = false;
} kScenarios[] = {
    {"idle", &MeasureIdle},
    {"ceiling", &MeasureCeilings},
    {"W1", &MeasureWebhooks},
    {"steady", &MeasureSteady},
    {"hold", &MeasureHeldOpen},
    {"W2", &MeasureFanOut},
    {"W3", &MeasureSequence},
    {"W4", &MeasureWaits},
    {"schedules", &MeasureSchedules},
    {"schedule-restart", &MeasureScheduleRestart},
    {"preview", &MeasurePreview},
    {"restart", &MeasureRestart},
    {"row-security", &MeasureRowSecurity, /*only_when_named=*/true},
};

absl::Status Run(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(Options options, ParseOptions(arguments));
  Report report(options.json_file);
  ASSIGN_OR_RETURN(std::unique_ptr<Bench> bench, Bench::Create(options, report));
  ASSIGN_OR_RETURN(auto facts, DescribeSetUp(bench->deployment()));
  facts.emplace_back("repeats", fmt::format("{}, medians shown", options.repeats));
  report.SetUp(facts);
  absl::Status all;
  for (const auto& scenario : kScenarios) {
    if (!bench->Wants(scenario.name)) continue;
    if (scenario.only_when_named && options.scenarios.empty()) continue;
    absl::Status status = scenario.measure(*bench);
    // One that fails does not take the others' figures with it.
    if (!status.ok()) fmt::print("{}: {}\n", scenario.name, status.ToString());
    all.Update(status);
  }
  return all;
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments == std::vector<std::string>{"--help"}) {
    fputs(penstock::bench::kUsage, stdout);
    return 0;
  }
  absl::Status status = penstock::bench::Run(arguments);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.ToString());
  return status.ok() ? 0 : 1;
}
