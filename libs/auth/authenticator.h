// Credentials to CallContext.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"

namespace penstock::auth {

// Reasons (ErrorInfo) of UNAUTHENTICATED.
inline constexpr char kMissingCredentials[] = "MISSING_CREDENTIALS";
inline constexpr char kMalformedCredentials[] = "MALFORMED_CREDENTIALS";
inline constexpr char kUnknownKey[] = "UNKNOWN_KEY";
inline constexpr char kInvalidToken[] = "INVALID_TOKEN";
inline constexpr char kExpiredToken[] = "EXPIRED_TOKEN";

class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // Whether this kind of credential is for this authenticator: `credential` is what followed
  // "Bearer ".
  virtual bool Recognizes(std::string_view credential) const = 0;

  // Who it is. UNAUTHENTICATED with a reason, never with the credential; UNAVAILABLE when it could
  // not be looked up. May block up to `deadline`.
  virtual absl::StatusOr<CallContext> Authenticate(std::string_view credential,
                                                   absl::Time deadline) const = 0;

  // As Authenticate when the answer is at hand without blocking, else none.
  virtual std::optional<absl::StatusOr<CallContext>> TryAuthenticate(
      std::string_view credential) const = 0;
};

// Takes an authorization header apart and asks the first member that recognizes the credential.
class BearerAuthenticator {
 public:
  explicit BearerAuthenticator(std::vector<const Authenticator*> members)
      : members_(std::move(members)) {}

  // `authorization` is the whole header ("Bearer pk_live_..."), empty when there was none.
  absl::StatusOr<CallContext> Authenticate(std::string_view authorization,
                                           absl::Time deadline) const;
  std::optional<absl::StatusOr<CallContext>> TryAuthenticate(std::string_view authorization) const;

 private:
  const Authenticator* Find(std::string_view credential) const;

  std::vector<const Authenticator*> members_;
};

}  // namespace penstock::auth
