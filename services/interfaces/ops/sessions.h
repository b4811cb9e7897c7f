// Staying signed in, and ending it.
//
//   unused ──refresh──► used, and a successor that is unused
//   used   ──refresh again──► the family is revoked: somebody has a copy
//   used   ──refresh again, same request id, soon, successor unused──► the same successor: an
//   answer was lost
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "services/interfaces/ops/sign_in.h"

namespace penstock::interfaces {

// Reasons of UNAUTHENTICATED.
inline constexpr char kInvalidRefreshToken[] = "INVALID_REFRESH_TOKEN";  // unknown, expired, ended
inline constexpr char kReusedRefreshToken[] = "REFRESH_TOKEN_REUSED";    // and now ended

// `request_id`: the caller's own, empty when it gives none.
absl::StatusOr<SignedIn> RefreshSession(const SignInContext& context,
                                        const auth::CallContext& caller,
                                        const std::string& refresh_token,
                                        const std::string& request_id);

// OK also when the session had ended.
absl::Status EndSession(const IdentityContext& context, const auth::CallContext& caller,
                        const std::string& refresh_token);

}  // namespace penstock::interfaces
