// RSA and elliptic curve keys of other people's systems, by OpenSSL: for signing what those systems
// verify. Penstock's own signatures are Ed25519 (ed25519.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

struct evp_pkey_st;

namespace penstock::crypto {

class PrivateKey {
 public:
  // The first private key of a PEM text: PKCS#8, or PKCS#1 and SEC 1 as older tools write them, not
  // encrypted. INVALID_ARGUMENT never holds any of the text.
  static absl::StatusOr<PrivateKey> FromPem(std::string_view pem);

  // RSASSA-PKCS1-v1_5 with SHA-256. INVALID_ARGUMENT unless it is an RSA key of 2,048 bits or more.
  absl::StatusOr<std::string> SignRsaSha256(std::string_view message) const;
  // ECDSA with SHA-256: r and s, 32 bytes each. INVALID_ARGUMENT unless it is a key of the curve
  // P-256. No two signatures of a message are equal.
  absl::StatusOr<std::string> SignP256Sha256(std::string_view message) const;

  evp_pkey_st* raw() const { return key_.get(); }

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit PrivateKey(evp_pkey_st* key) : key_(key) {}
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace penstock::crypto
