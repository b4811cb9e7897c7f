// The crash test: load, kills, calm, verdict.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "tests/chaos/verdict.h"

namespace penstock::chaos {

struct StormOptions {
  int kills = 12;
  uint32_t seed = 1;
  int engines = 1;
};

struct StormResult {
  std::map<std::string, int> kills;
  int64_t acknowledged_webhooks = 0;
  int64_t acknowledged_starts = 0;
  int64_t refused = 0;
  Verdict verdict;
};

// Call it from a thread that outlives it: the services die with the thread that started them.
absl::StatusOr<StormResult> RunStorm(const StormOptions& options);

}  // namespace penstock::chaos
