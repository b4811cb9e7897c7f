// What operations of identity work with, and what they have in common.
#pragma once

#include <algorithm>
#include <string>

#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/crypto/password.h"
#include "libs/postgres/pool.h"

namespace penstock::interfaces {

// Owned by App; all outlive it.
struct IdentityContext {
  postgres::Pool& pool;
  crypto::PasswordHasher& hasher;
  const Clock& clock;
};

inline postgres::Scope ScopeOf(const auth::CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

// How long to wait for a turn at hashing: what the caller's deadline leaves, and not forever.
inline absl::Time HashDeadline(const auth::CallContext& caller, const Clock& clock) {
  return std::min(caller.deadline, clock.Now() + absl::Seconds(10));
}

}  // namespace penstock::interfaces
