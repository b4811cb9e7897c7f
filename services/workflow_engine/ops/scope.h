// For whom a transaction of an operation runs.
#pragma once

#include <string>

#include "libs/auth/call_context.h"
#include "libs/auth/role.h"
#include "libs/postgres/pool.h"

namespace penstock::workflow_engine {

inline postgres::Scope ScopeOf(const auth::CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

}  // namespace penstock::workflow_engine
