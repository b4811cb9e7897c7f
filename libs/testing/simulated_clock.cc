#include "libs/testing/simulated_clock.h"

#include <algorithm>

namespace penstock::testing {

absl::Time SimulatedClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return now_;
}

void SimulatedClock::Advance(absl::Duration by) {
  absl::MutexLock lock(&mutex_);
  now_ += std::max(by, absl::ZeroDuration());
}

void SimulatedClock::AdvanceTo(absl::Time time) {
  absl::MutexLock lock(&mutex_);
  now_ = std::max(now_, time);
}

void SimulatedClock::WaitUntil(absl::Time time) const {
  absl::MutexLock lock(&mutex_);
  auto is_due = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return now_ >= time; };
  ++waiters_;
  mutex_.Await(absl::Condition(&is_due));
  --waiters_;
}

bool SimulatedClock::AwaitWaiters(int count, absl::Duration patience) const {
  absl::MutexLock lock(&mutex_);
  auto are_there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return waiters_ >= count; };
  return mutex_.AwaitWithTimeout(absl::Condition(&are_there), patience);
}

}  // namespace penstock::testing
