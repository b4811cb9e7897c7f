// What wraps the tenants' keys and is never in the database: 32 bytes that the operator keeps, or a
// key that never leaves Vault.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"

namespace penstock::connector {

class RootKey {
 public:
  virtual ~RootKey() = default;

  // "local:8f3a91c2b0d4e5f6", "transit:transit/penstock": stored beside what it wraps.
  virtual const std::string& id() const = 0;
  // Where it is, in words for a person. Never the key.
  virtual std::string Describe() const = 0;

  // `associated` says whose key is wrapped and must be the same for unwrapping. UNAVAILABLE: can't
  // be asked now. PERMISSION_DENIED: it may not be used.
  virtual absl::StatusOr<std::string> Wrap(const crypto::Secret& key,
                                           std::string_view associated) const = 0;
  // DATA_LOSS: wrapped by another key, for another purpose, or changed.
  virtual absl::StatusOr<crypto::Secret> Unwrap(std::string_view wrapped,
                                                std::string_view associated) const = 0;
};

}  // namespace penstock::connector
