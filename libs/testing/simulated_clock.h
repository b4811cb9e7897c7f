// Time that moves only when a test says so.
//
//   SimulatedClock clock;
//   clock.AwaitWaiters(1);                 // the loop under test has gone to sleep
//   clock.Advance(absl::Seconds(30));      // and wakes
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"

namespace penstock::testing {

class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(absl::Time start = absl::FromUnixSeconds(1'750'000'000)) : now_(start) {}

  absl::Time Now() const override;
  void Advance(absl::Duration by);
  // Never backwards.
  void AdvanceTo(absl::Time time);

  // Blocks until Advance has brought the clock to `time`.
  void WaitUntil(absl::Time time) const;

  // Blocks, in real time, until that many threads are in WaitUntil; false after `patience`.
  bool AwaitWaiters(int count, absl::Duration patience = absl::Seconds(10)) const;

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  mutable int waiters_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace penstock::testing
