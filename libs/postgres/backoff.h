// How long to wait before the next attempt: doubling, capped, and with full jitter, so that many waiters do not come back at once.
#pragma once

#include "absl/time/time.h"

namespace penstock::postgres {

class Backoff {
 public:
  Backoff(absl::Duration first, absl::Duration cap) : first_(first), cap_(cap) {}

  // The delay before the next attempt: between half and the whole of what the count of failures so far gives.
  absl::Duration Next();
  void Reset() { failures_ = 0; }
  int failures() const { return failures_; }

 private:
  absl::Duration first_;
  absl::Duration cap_;
  int failures_ = 0;
};

}  // namespace penstock::postgres
