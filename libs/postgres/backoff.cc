#include "libs/postgres/backoff.h"

#include <algorithm>
#include <random>

namespace penstock::postgres {

absl::Duration Backoff::Next() {
  constexpr int kMaxDoublings = 30;  // far beyond any cap, and no overflow
  thread_local std::minstd_rand generator{std::random_device{}()};
  absl::Duration whole = std::min(cap_, first_ * (int64_t{1} << std::min(failures_, kMaxDoublings)));
  ++failures_;
  return whole * std::uniform_real_distribution<double>(0.5, 1.0)(generator);
}

}  // namespace penstock::postgres
