// Ed25519 signatures (RFC 8032), by libsodium, and keys in the two PEM files that every tool
// writes:
//
//   openssl genpkey -algorithm ed25519 -out key.pem        PKCS#8, "BEGIN PRIVATE KEY"
//   openssl pkey -in key.pem -pubout -out key.pub.pem      SPKI, "BEGIN PUBLIC KEY"
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"

namespace penstock::crypto {

class Ed25519PublicKey {
 public:
  // INVALID_ARGUMENT unless it is 32 bytes that are a point of the curve's main subgroup.
  static absl::StatusOr<Ed25519PublicKey> Create(std::string_view bytes);
  static absl::StatusOr<Ed25519PublicKey> FromPem(std::string_view pem);

  bool Verify(std::string_view message, std::string_view signature) const;
  const std::string& bytes() const { return bytes_; }
  std::string ToPem() const;

  friend bool operator==(const Ed25519PublicKey&, const Ed25519PublicKey&) = default;

 private:
  explicit Ed25519PublicKey(std::string_view bytes) : bytes_(bytes) {}
  std::string bytes_;
};

class Ed25519PrivateKey {
 public:
  // From the 32 bytes that RFC 8032 calls the private key.
  static absl::StatusOr<Ed25519PrivateKey> Create(std::string_view seed);
  static absl::StatusOr<Ed25519PrivateKey> FromPem(std::string_view pem);
  static Ed25519PrivateKey Random();

  // 64 bytes.
  std::string Sign(std::string_view message) const;
  const Ed25519PublicKey& public_key() const { return public_key_; }
  // For writing a new key to a file; the caller wipes it.
  std::string ToPem() const;

 private:
  Ed25519PrivateKey(Secret secret, Ed25519PublicKey public_key)
      : secret_(std::move(secret)), public_key_(std::move(public_key)) {}
  Secret secret_;  // libsodium's form: seed and public key
  Ed25519PublicKey public_key_;
};

}  // namespace penstock::crypto
