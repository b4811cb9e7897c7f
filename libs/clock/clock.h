// Time, passed in. Nothing but RealClock asks the operating system what time it is.
#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace penstock {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class RealClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace penstock
