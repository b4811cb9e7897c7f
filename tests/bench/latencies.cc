#include "tests/bench/latencies.h"

#include <algorithm>
#include <cmath>

namespace penstock::bench {

void Latencies::Merge(const Latencies& other) {
  nanoseconds_.insert(nanoseconds_.end(), other.nanoseconds_.begin(), other.nanoseconds_.end());
}

double Latencies::PercentileMs(double share) const {
  if (nanoseconds_.empty()) return 0;
  size_t rank = static_cast<size_t>(std::ceil(share * nanoseconds_.size()));
  auto nth = nanoseconds_.begin() + (rank == 0 ? 0 : rank - 1);
  std::nth_element(nanoseconds_.begin(), nth, nanoseconds_.end());
  return *nth / 1e6;
}

}  // namespace penstock::bench
