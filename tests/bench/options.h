// What ./dev bench was asked to measure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace penstock::bench {

struct Options {
  std::string json_file;            // empty = no JSON
  std::set<std::string> scenarios;  // empty = all
  int repeats = 3;
  absl::Duration seconds = absl::Seconds(5);  // each load
  absl::Duration hold = absl::Seconds(30);    // how long the foreign transaction stays open
  int open_executions = 100'000;              // at the restart
  int schedules = 1'000'000;                  // stored at the restart of the scheduler
};

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments);
extern const char kUsage[];

}  // namespace penstock::bench
