// PENSTOCK_CONNECTOR_ROOT_KEY*: which keys are over the tenants' secrets. A setting of its own and
// not PENSTOCK_ROOT_KEY, so that no other service has to be given the key to credentials.
//
//   provider local: PENSTOCK_CONNECTOR_ROOT_KEY wraps, those in ..._PREVIOUS_ROOT_KEYS unwrap, and
//                   so does the transit key when one is named
//   provider transit: the transit key wraps, all local ones unwrap
//
// To change keys: give the new one to every replica for reading, then make it the one that wraps,
// then StartKeyRotation{ROOT, destroy_previous}, then take the old one away.
#pragma once

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/config/setting.h"
#include "libs/config/settings.h"
#include "services/connector/keys/root_keyring.h"

namespace penstock::connector {

config::Declarations DeclareKeySettings();

// INVALID_ARGUMENT with a violation for each setting that is missing or wrong. Transit takes the
// VAULT_* settings of libs/secrets/settings.h, which must be declared too. Talks to nobody yet:
// CheckRootKeys does. The clock outlives the keys.
absl::StatusOr<RootKeyring> OpenRootKeys(const config::Settings& settings,
                                         const config::Environment& environment,
                                         const Clock& clock);

}  // namespace penstock::connector
