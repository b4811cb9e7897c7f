// A tenant named in a request. The caller's tenant comes from its credentials; a request may say
// it, but not another.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/auth/call_context.h"

namespace penstock::interfaces {

// INVALID_ARGUMENT for a tenant_id of a resource that is neither empty nor the caller's own.
absl::Status CheckTenantId(const auth::CallContext& caller, const std::string& tenant_id,
                           std::string_view field);

// NOT_FOUND for a tenant asked for that is neither empty nor the caller's own: whether it exists is
// not said.
absl::Status CheckOwnTenant(const auth::CallContext& caller, const std::string& tenant_id);

}  // namespace penstock::interfaces
