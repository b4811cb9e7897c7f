// One place where secrets are: the environment, a directory, Vault.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"

namespace penstock::secrets {

class Provider {
 public:
  virtual ~Provider() = default;

  // Nothing = it is not here, ask the next. An error = nobody can tell, and nobody else is asked:
  // which file or address it was and why, never a value. A value is never empty.
  virtual absl::StatusOr<std::optional<crypto::Secret>> Find(std::string_view name) = 0;

  // Where it would be, in words for a person: "the file /run/secrets/DB_PASSWORD_SERVER".
  virtual std::string PlaceOf(std::string_view name) const = 0;
};

// Letters, digits, '_', '-' and '.', not first a '.', at most 128: what a file in a directory, a
// key in Vault and a variable can be called alike, and no path.
bool IsSecretName(std::string_view name);

}  // namespace penstock::secrets
