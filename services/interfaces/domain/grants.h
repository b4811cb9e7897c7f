// Who may give what to whom: the rules of identity that a table of RPC and role can't say.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libs/auth/call_context.h"

namespace penstock::interfaces {

// `roles` is not empty.
auth::Role HighestOf(const std::vector<auth::Role>& roles);

// PERMISSION_DENIED (ROLE_ABOVE_OWN) when `role` is above the caller's: nobody gives, changes or
// takes away what is more than they have.
absl::Status CheckNotAbove(const auth::CallContext& caller, auth::Role role, std::string_view what);

}  // namespace penstock::interfaces
