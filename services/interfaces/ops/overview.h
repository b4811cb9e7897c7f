// What a caller's tenant has, in numbers.
#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/overview.h"

namespace penstock::interfaces {

// PERMISSION_DENIED (PROJECT_SCOPED_KEY) for a key that is limited to a project.
absl::StatusOr<Overview> GetOverview(const IdentityContext& context,
                                     const auth::CallContext& caller);

}  // namespace penstock::interfaces
