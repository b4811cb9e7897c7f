// A session and a provider made of the VAULT_* settings.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/config/settings.h"
#include "libs/secrets/provider.h"
#include "libs/secrets/vault/session.h"

namespace penstock::secrets::vault {

// INVALID_ARGUMENT with a violation for each setting that is missing or wrong. `environment` says
// which files to read anew at each login. Talks to nobody yet.
absl::StatusOr<std::unique_ptr<Provider>> Open(const config::Settings& settings,
                                               const config::Environment& environment,
                                               const Clock& clock);

// A session for other uses of the same Vault. `by` says in violations what needs it:
// "PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER transit". `patience` bounds one call with its retries.
absl::StatusOr<std::unique_ptr<Session>> OpenSession(const config::Settings& settings,
                                                     const config::Environment& environment,
                                                     const Clock& clock, std::string_view by,
                                                     absl::Duration patience);

}  // namespace penstock::secrets::vault
