// How long things took, kept one by one: exact percentiles, no buckets.
#pragma once

#include <chrono>
#include <vector>

namespace penstock::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

class Latencies {
 public:
  void Add(std::chrono::nanoseconds latency) { nanoseconds_.push_back(latency.count()); }
  void Merge(const Latencies& other);
  size_t size() const { return nanoseconds_.size(); }

  // The smallest value that `share` (0 to 1) of all do not exceed, in milliseconds; 0 when there is
  // none.
  double PercentileMs(double share) const;

 private:
  mutable std::vector<int64_t> nanoseconds_;
};

}  // namespace penstock::bench
