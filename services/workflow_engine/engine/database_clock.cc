#include "services/workflow_engine/engine/database_clock.h"

#include <algorithm>

namespace penstock::workflow_engine {
namespace {

// How far two clocks go apart in a second, also while one of them is being put right.
constexpr double kDrift = 0.0005;

}  // namespace

DatabaseClock::DatabaseClock(const Clock& initial) {
  offset_micros_.store(absl::ToUnixMicros(initial.Now()) - Micros(std::chrono::steady_clock::now()), std::memory_order_relaxed);
  lowest_ = INT64_MIN / 2;
  highest_ = INT64_MAX / 2;
  seen_ = Micros(std::chrono::steady_clock::now());
}

void DatabaseClock::Set(absl::Time now, Moment asked, Moment answered) {
  const int64_t said = absl::ToUnixMicros(now);
  const int64_t lowest = said - Micros(answered), highest = said - Micros(asked);
  const auto drift = static_cast<int64_t>(static_cast<double>(Micros(answered) - seen_) * kDrift) + 1;
  lowest_ = std::max(lowest, lowest_ - drift);
  highest_ = std::min(highest, highest_ + drift);
  // The database's clock was set, or another server is the database now.
  if (lowest_ > highest_) {
    lowest_ = lowest;
    highest_ = highest;
  }
  seen_ = Micros(answered);
  offset_micros_.store(lowest_ + (highest_ - lowest_) / 2, std::memory_order_relaxed);
}

}  // namespace penstock::workflow_engine
