// Whether and when a failed attempt is tried again (W6).
#pragma once

#include <optional>

#include "absl/random/bit_gen_ref.h"
#include "absl/time/time.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

struct FailedAttempt {
  int attempt = 1;          // its number, from 1
  const NodeError& error;
  absl::Duration elapsed;   // since the first attempt began
};

// The delay before the next attempt, or nothing when there is none. At least the error's retry_after. A retry that would begin past
// the policy's maximum_elapsed is not made.
std::optional<absl::Duration> NextDelay(const RetryPolicy& policy, const FailedAttempt& failed, absl::BitGenRef random);

}  // namespace penstock::workflow_engine
