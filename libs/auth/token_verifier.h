// Reads access tokens, and takes nothing but what TokenIssuer writes.
//
// The order is the defence: size, three parts, exact base64url, a header that says exactly EdDSA,
// our type and a known key, the signature, and only then what the payload says. There is no list of
// algorithms to choose from: a key has one.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/token_claims.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"

namespace penstock::auth {

inline constexpr size_t kMaxTokenBytes = 4096;

class TokenVerifier {
 public:
  // The keyring and the clock outlive the verifier.
  TokenVerifier(const TokenKeyring& keys, std::string issuer, const Clock& clock);

  // UNAUTHENTICATED, reason EXPIRED_TOKEN for one that was good, else INVALID_TOKEN. What is wrong
  // is not said: who made the token knows.
  absl::StatusOr<TokenClaims> Verify(std::string_view token) const;

 private:
  const TokenKeyring& keys_;
  const std::string issuer_;
  const Clock& clock_;
};

}  // namespace penstock::auth
