// The chain that the settings of libs/secrets/settings.h describe.
#pragma once

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/secrets/chain.h"

namespace penstock::secrets {

// INVALID_ARGUMENT with a violation for each setting that is missing or wrong. Talks to nobody yet.
// The clock outlives it.
absl::StatusOr<Chain> OpenChain(const config::Environment& environment, const Clock& clock);

}  // namespace penstock::secrets
