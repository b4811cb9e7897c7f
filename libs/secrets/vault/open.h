// A provider made of the VAULT_* settings.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/config/settings.h"
#include "libs/secrets/provider.h"

namespace penstock::secrets::vault {

// INVALID_ARGUMENT with a violation for each setting that is missing or wrong. `environment` says
// which files to read anew at each login. Talks to nobody yet.
absl::StatusOr<std::unique_ptr<Provider>> Open(const config::Settings& settings,
                                               const config::Environment& environment,
                                               const Clock& clock);

}  // namespace penstock::secrets::vault
