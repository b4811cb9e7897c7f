// Sealing: XChaCha20-Poly1305 under one root key, bound to associated data that says whose value it
// is.
//
//   sealed = version byte (1) | key id (8 bytes) | nonce (24 bytes) | ciphertext and tag
//
// The key id is taken from the key itself, so that a sealed value tells which key opens it and a
// wrong one is named as such. Envelope keys per tenant are layered on top of this.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"

namespace penstock::crypto {

class Sealer {
 public:
  // INVALID_ARGUMENT unless the key has 32 bytes.
  static absl::StatusOr<Sealer> Create(Secret key);
  // 32 raw bytes or their base64.
  static absl::StatusOr<Sealer> FromText(const Secret& text);
  // A file of either.
  static absl::StatusOr<Sealer> FromFile(const std::string& path);

  // `associated` must not be empty: it names tenant, table and field
  // ("signing_secret/<tenant>/<name>"), so that a sealed value moved elsewhere does not open.
  absl::StatusOr<std::string> Seal(std::string_view plaintext, std::string_view associated) const;
  // INVALID_ARGUMENT when `sealed` is not in the format; FAILED_PRECONDITION (reason "UNKNOWN_KEY")
  // when another key sealed it; DATA_LOSS when key or associated data are wrong or a bit was
  // changed.
  absl::StatusOr<Secret> Open(std::string_view sealed, std::string_view associated) const;

  // 8 raw bytes.
  const std::string& key_id() const { return key_id_; }

 private:
  explicit Sealer(Secret key);
  Secret key_;
  std::string key_id_;
};

}  // namespace penstock::crypto
