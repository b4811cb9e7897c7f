// Signing in with a password, and choosing a new one.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/auth/token_issuer.h"
#include "services/interfaces/domain/login_throttle.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/credentials.h"

namespace penstock::interfaces {

struct SignInContext {
  IdentityContext identity;
  LoginThrottle& throttle;
  const auth::TokenIssuer& issuer;
  absl::Duration session_lifetime;
};

struct SignInAttempt {
  std::string tenant = {};  // slug or id
  std::string email = {};
  std::string password = {};
  std::string peer = {};  // where it comes from, as PeerKey makes it
};

struct SignedIn {
  auth::AccessToken access = {};
  std::string refresh_token = {};
  absl::Time session_expires_at = {};
  TenantId tenant = {};
  UserId user = {};
};

// Reasons (ErrorInfo).
inline constexpr char kBadCredentials[] = "BAD_CREDENTIALS";     // UNAUTHENTICATED
inline constexpr char kTooManyAttempts[] = "TOO_MANY_ATTEMPTS";  // RESOURCE_EXHAUSTED
inline constexpr char kPasswordChangeRequired[] =
    "PASSWORD_CHANGE_REQUIRED";                                 // FAILED_PRECONDITION
inline constexpr char kPasswordExpired[] = "PASSWORD_EXPIRED";  // FAILED_PRECONDITION

// The same answer after about the same time for an unknown tenant, an unknown or disabled person
// and a wrong password.
absl::StatusOr<SignedIn> SignIn(const SignInContext& context, const auth::CallContext& caller,
                                const SignInAttempt& attempt);

// Also with a temporary password. Ends every other session of the person.
absl::StatusOr<SignedIn> ChangePassword(const SignInContext& context,
                                        const auth::CallContext& caller,
                                        const SignInAttempt& attempt,
                                        const std::string& new_password);

}  // namespace penstock::interfaces
