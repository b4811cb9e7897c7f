// What an access token says of its bearer.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/auth/role.h"
#include "libs/ids/uuid.h"

namespace penstock::auth {

// For whom tokens are: Penstock's own services, and nobody else who may know our keys.
inline constexpr char kTokenAudience[] = "penstock";

struct TokenClaims {
  TenantId tenant;          // "tid"
  UserId user;              // "sub"
  Uuid session;             // "sid": the sign-in it came of
  std::vector<Role> roles;  // at least one
  Uuid id;                  // "jti"
  absl::Time issued_at;     // whole seconds, as the other times
  absl::Time not_before;
  absl::Time expires_at;
};

}  // namespace penstock::auth
