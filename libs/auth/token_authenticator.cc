#include "libs/auth/token_authenticator.h"

#include <algorithm>

#include "libs/status/macros.h"

namespace penstock::auth {

bool TokenAuthenticator::Recognizes(std::string_view credential) const {
  return credential.starts_with("eyJ");
}

absl::StatusOr<CallContext> TokenAuthenticator::Authenticate(std::string_view credential,
                                                             absl::Time) const {
  return Verify(credential);
}

std::optional<absl::StatusOr<CallContext>> TokenAuthenticator::TryAuthenticate(
    std::string_view credential) const {
  return Verify(credential);
}

absl::StatusOr<CallContext> TokenAuthenticator::Verify(std::string_view credential) const {
  ASSIGN_OR_RETURN(const TokenClaims claims, verifier_.Verify(credential));
  CallContext caller;
  caller.tenant = claims.tenant;
  caller.user = claims.user;
  caller.role = *std::ranges::max_element(claims.roles);
  return caller;
}

}  // namespace penstock::auth
