#include "services/connector/keys/settings.h"

#include <utility>
#include <vector>

#include "libs/secrets/vault/kv_document.h"
#include "libs/secrets/vault/open.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/keys/local_root_key.h"
#include "services/connector/keys/transit_root_key.h"

namespace penstock::connector {
namespace {

using config::Type;
using Keys = std::vector<std::unique_ptr<RootKey>>;

constexpr char kProvider[] = "PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER";
constexpr char kRootKey[] = "PENSTOCK_CONNECTOR_ROOT_KEY";
constexpr char kPreviousKeys[] = "PENSTOCK_CONNECTOR_PREVIOUS_ROOT_KEYS";
constexpr char kTransitMount[] = "PENSTOCK_CONNECTOR_TRANSIT_MOUNT";
constexpr char kTransitKey[] = "PENSTOCK_CONNECTOR_TRANSIT_KEY";
// Shorter than a call's deadline: keys at hand go on being used.
constexpr absl::Duration kVaultPatience = absl::Seconds(5);

// Names the setting in front of what is wrong with it.
absl::Status In(const char* setting, const absl::Status& status) {
  return InvalidField(setting, std::string(status.message()));
}

absl::Status AddLocalKeys(const config::Settings& settings, Keys& keys) {
  if (!settings.Secret(kRootKey).empty()) {
    absl::StatusOr<std::unique_ptr<RootKey>> key = CreateLocalRootKey(settings.Secret(kRootKey));
    if (!key.ok()) return In(kRootKey, key.status());
    keys.push_back(*std::move(key));
  }
  absl::StatusOr<Keys> previous = CreateLocalRootKeys(settings.Secret(kPreviousKeys));
  if (!previous.ok()) return In(kPreviousKeys, previous.status());
  for (std::unique_ptr<RootKey>& key : *previous) keys.push_back(std::move(key));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RootKey>> OpenTransitKey(const config::Settings& settings,
                                                        const config::Environment& environment,
                                                        const Clock& clock) {
  namespace vault = secrets::vault;
  const std::string& mount = settings.String(kTransitMount);
  const std::string& key = settings.String(kTransitKey);
  if (absl::Status path = vault::CheckPath(mount); !path.ok()) return In(kTransitMount, path);
  if (absl::Status path = vault::CheckPath(key); !path.ok()) return In(kTransitKey, path);
  if (key.find('/') != std::string::npos) return InvalidField(kTransitKey, "has no '/' in it");
  ASSIGN_OR_RETURN(std::unique_ptr<vault::Session> session,
                   vault::OpenSession(settings, environment, clock, kTransitKey, kVaultPatience));
  return CreateTransitRootKey(std::make_unique<vault::Transit>(std::move(session), mount, key,
                                                               settings.String("VAULT_NAMESPACE")));
}

}  // namespace

config::Declarations DeclareKeySettings() {
  return {
      {.name = kProvider,
       .default_text = "local",
       .help = "Where the key is that wraps the keys of tenants: local = "
               "PENSTOCK_CONNECTOR_ROOT_KEY, transit = PENSTOCK_CONNECTOR_TRANSIT_KEY in Vault.",
       .choices = {"local", "transit"}},
      {.name = kRootKey,
       .type = Type::kSecret,
       .default_text = "",
       .help = "The key over tenants' credentials: 32 bytes as base64, or raw in a file. Required "
               "by provider local; with provider transit it is for reading what it wrapped."},
      {.name = kPreviousKeys,
       .type = Type::kSecret,
       .default_text = "",
       .help = "Keys that unwrap and do not wrap, in base64, separated by commas: during a change "
               "of PENSTOCK_CONNECTOR_ROOT_KEY the old one, and before it the new one."},
      {.name = kTransitMount,
       .default_text = "transit",
       .help = "Where the transit engine is mounted in the Vault of VAULT_ADDR."},
      {.name = kTransitKey,
       .default_text = "",
       .help = "Its key, of a type that takes associated data (aes256-gcm96). Required by provider "
               "transit; with provider local it is for reading what it wrapped."},
  };
}

absl::StatusOr<RootKeyring> OpenRootKeys(const config::Settings& settings,
                                         const config::Environment& environment,
                                         const Clock& clock) {
  const bool is_transit = settings.String(kProvider) == "transit";
  if (!is_transit && settings.Secret(kRootKey).empty()) {
    return InvalidField(kRootKey, "is required: nothing is stored without a key over it");
  }
  if (is_transit && settings.String(kTransitKey).empty()) {
    return InvalidField(kTransitKey, "is required by PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER transit");
  }
  Keys keys;
  RETURN_IF_ERROR(AddLocalKeys(settings, keys));
  if (!settings.String(kTransitKey).empty()) {
    ASSIGN_OR_RETURN(std::unique_ptr<RootKey> transit,
                     OpenTransitKey(settings, environment, clock));
    keys.insert(is_transit ? keys.begin() : keys.end(), std::move(transit));
  }
  std::unique_ptr<RootKey> active = std::move(keys.front());
  keys.erase(keys.begin());
  return RootKeyring::Create(std::move(active), std::move(keys));
}

}  // namespace penstock::connector
