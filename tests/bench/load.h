// What a load generator saw.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/latencies.h"

namespace penstock::bench {

struct LoadResult {
  int64_t completed = 0;
  int64_t failed = 0;
  std::string first_failure;
  Latencies latencies;  // of the completed
  double seconds = 0;   // from the first request to the last answer
  std::vector<int64_t> completed_in_second;

  double per_second() const { return seconds > 0 ? completed / seconds : 0; }
};

}  // namespace penstock::bench
