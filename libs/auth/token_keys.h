// The keys of access tokens: one signs, several verify, so that a key can be replaced while tokens
// of the one before are still good.
//
//   <key dir>/<kid>.pub.pem         public keys; every service reads them, the JWKS is made of them
//   <signing key dir>/<kid>.pem     private keys; only interfaces-service reads them and signs with
//   the last by name
//
// A kid is the file's name without its ending: letters, digits, '-' and '_'. Replacing a key: put
// the new public key everywhere, then the new private key, and take the old public key away once
// its last token has expired. Directories are read again while running.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/config/setting.h"
#include "libs/crypto/ed25519.h"

namespace penstock::auth {

// PENSTOCK_TOKEN_KEY_DIR and PENSTOCK_TOKEN_ISSUER.
config::Declarations DeclareTokenSettings();

using VerificationKeys = std::map<std::string, crypto::Ed25519PublicKey, std::less<>>;  // by kid

struct SigningKey {
  std::string kid;
  crypto::Ed25519PrivateKey key;
};

bool IsKeyId(std::string_view text);

// Every "*.pub.pem" of a directory. NOT_FOUND when there is none, INVALID_ARGUMENT naming the file
// that is no key.
absl::StatusOr<VerificationKeys> ReadVerificationKeys(const std::string& directory);

// The last "*.pem" by name that is not "*.pub.pem" and whose public half is in `known`: what nobody
// could verify is not signed with. FAILED_PRECONDITION when there is no such key.
absl::StatusOr<SigningKey> ReadSigningKey(const std::string& directory,
                                          const VerificationKeys& known);

// RFC 7517 and 8037:
// {"keys":[{"kty":"OKP","crv":"Ed25519","kid":...,"x":...,"use":"sig","alg":"EdDSA"}]}.
std::string JwksOf(const VerificationKeys& keys);

// The keys that are in the directories, as last read. Safe from any thread.
class TokenKeyring {
 public:
  // `signing_directory` is empty for a service that only verifies.
  static absl::StatusOr<std::unique_ptr<TokenKeyring>> Open(std::string directory,
                                                            std::string signing_directory = "");
  // For tests.
  TokenKeyring(VerificationKeys verification, std::shared_ptr<const SigningKey> signing);

  // Reads them again; what was read before stays when that fails. A body for
  // lifecycle::BackgroundLoop.
  absl::Status Reload();

  std::shared_ptr<const VerificationKeys> verification() const;
  // Null for a service that only verifies.
  std::shared_ptr<const SigningKey> signing() const;

 private:
  TokenKeyring(std::string directory, std::string signing_directory);

  const std::string directory_;
  const std::string signing_directory_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const VerificationKeys> verification_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const SigningKey> signing_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::auth
