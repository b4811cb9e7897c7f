// What a request may say about tenant and project, beside what the caller's credentials say.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/auth/call_context.h"

namespace penstock {

// INVALID_ARGUMENT for a tenant_id of a resource that is neither empty nor the caller's own.
absl::Status CheckTenantId(const auth::CallContext& caller, const std::string& tenant_id,
                           std::string_view field);

// NOT_FOUND for a tenant asked for that is neither empty nor the caller's own: whether it exists is
// not said.
absl::Status CheckOwnTenant(const auth::CallContext& caller, const std::string& tenant_id);

// PERMISSION_DENIED (PROJECT_SCOPED_KEY) for a key that is limited to a project: what it asks for
// concerns the whole tenant.
absl::Status CheckTenantWide(const auth::CallContext& caller);

}  // namespace penstock
