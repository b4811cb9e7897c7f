#include "libs/auth/authenticator.h"

#include "libs/status/details.h"

namespace penstock::auth {
namespace {

// The credential of a "Bearer" header; the scheme's case does not matter (RFC 7235).
absl::StatusOr<std::string_view> CredentialOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.empty()) {
    return WithReason(absl::UnauthenticatedError("no authorization header: send 'Bearer' and an "
                                                 "API key"),
                      kMissingCredentials);
  }
  bool is_bearer = authorization.size() > kScheme.size();
  for (size_t i = 0; is_bearer && i < kScheme.size(); ++i) {
    is_bearer = (authorization[i] | 0x20) == kScheme[i];
  }
  if (!is_bearer) {
    return WithReason(
        absl::UnauthenticatedError("the authorization header is not 'Bearer' and a credential"),
        kMalformedCredentials);
  }
  return authorization.substr(kScheme.size());
}

absl::Status NotRecognized() {
  return WithReason(absl::UnauthenticatedError("the credential has no known form"),
                    kMalformedCredentials);
}

}  // namespace

const Authenticator* BearerAuthenticator::Find(std::string_view credential) const {
  for (const Authenticator* member : members_) {
    if (member->Recognizes(credential)) return member;
  }
  return nullptr;
}

absl::StatusOr<CallContext> BearerAuthenticator::Authenticate(std::string_view authorization,
                                                              absl::Time deadline) const {
  absl::StatusOr<std::string_view> credential = CredentialOf(authorization);
  if (!credential.ok()) return credential.status();
  const Authenticator* member = Find(*credential);
  return member == nullptr ? NotRecognized() : member->Authenticate(*credential, deadline);
}

std::optional<absl::StatusOr<CallContext>> BearerAuthenticator::TryAuthenticate(
    std::string_view authorization) const {
  absl::StatusOr<std::string_view> credential = CredentialOf(authorization);
  if (!credential.ok()) return credential.status();
  const Authenticator* member = Find(*credential);
  if (member == nullptr) return NotRecognized();
  return member->TryAuthenticate(*credential);
}

}  // namespace penstock::auth
