// Access tokens as credentials, verified here and now: no service asks another, and nobody looks
// anything up. So a token that was given out is good until it expires, minutes later, also when its
// user was disabled meanwhile.
#pragma once

#include "libs/auth/authenticator.h"
#include "libs/auth/token_verifier.h"

namespace penstock::auth {

class TokenAuthenticator final : public Authenticator {
 public:
  // The keyring and the clock outlive the authenticator.
  TokenAuthenticator(const TokenKeyring& keys, std::string issuer, const Clock& clock)
      : verifier_(keys, std::move(issuer), clock) {}

  // A JSON object in base64url, as every JWT begins.
  bool Recognizes(std::string_view credential) const override;
  absl::StatusOr<CallContext> Authenticate(std::string_view credential,
                                           absl::Time deadline) const override;
  std::optional<absl::StatusOr<CallContext>> TryAuthenticate(
      std::string_view credential) const override;

 private:
  absl::StatusOr<CallContext> Verify(std::string_view credential) const;

  const TokenVerifier verifier_;
};

}  // namespace penstock::auth
