// Load over gRPC: StartExecution that answers when the execution has completed.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "tests/bench/load.h"
#include "tests/harness/clients.h"

namespace penstock::bench {

struct StartLoad {
  std::string workflow_id;
  // Either so many at once, each followed by the next until `duration` is over ...
  int in_flight = 1;
  absl::Duration duration = absl::InfiniteDuration();
  // ... or `starts` in all: paced, or all at once without a rate.
  int64_t starts = 0;
  std::optional<double> per_second = std::nullopt;
};

LoadResult RunStartLoad(harness::Clients& clients, const StartLoad& load);

}  // namespace penstock::bench
