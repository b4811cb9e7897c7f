// Where an owner's secrets are kept, read-only. Gives plaintext to the CredentialStore, which
// records the use before anybody else sees it; so it is visible to this folder only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "services/connector/credentials/use.h"

namespace penstock::connector {

struct LoadedSecret {
  crypto::Secret value;
  int64_t version = 0;
};
using LoadedSecrets = std::map<std::string, LoadedSecret, std::less<>>;

struct WantedSecrets {
  CredentialOwner owner;
  std::vector<std::string> fields;
  bool previous = false;                      // as Use::previous
  std::optional<int64_t> owner_version = {};  // as Use::owner_version
};

class SecretSource {
 public:
  virtual ~SecretSource() = default;

  // Those that are wanted and there. Errors say what a person may know: never a value. DATA_LOSS:
  // one is damaged or was moved. UNAVAILABLE: can't tell now. ABORTED (OWNER_CHANGED).
  virtual absl::StatusOr<LoadedSecrets> Load(const WantedSecrets& wanted, absl::Time deadline) = 0;
};

}  // namespace penstock::connector
