// The caller's tenant on the wire.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/tenancy/v1/tenant.pb.h"
#include "services/interfaces/ops/own_tenant.h"

namespace penstock::interfaces {

// NOT_FOUND for another tenant.
absl::StatusOr<TenantChange> FromProto(const auth::CallContext& caller,
                                       const tenancy::v1::UpdateTenantRequest& request);
// INTERNAL when what is stored can't be shown.
absl::StatusOr<tenancy::v1::Tenant> ToProto(const Tenant& tenant);

// By the names of the database; unspecified and empty for each other and for what is none.
tenancy::v1::Plan PlanToProto(std::string_view plan);
std::string PlanName(tenancy::v1::Plan plan);
tenancy::v1::TenantStatus TenantStatusToProto(std::string_view status);
std::string TenantStatusName(tenancy::v1::TenantStatus status);

}  // namespace penstock::interfaces
