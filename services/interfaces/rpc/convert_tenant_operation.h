// Tenants as the platform's operators see them, on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "penstock/tenancy/v1/tenant_admin.pb.h"
#include "services/interfaces/ops/tenant_operations.h"

namespace penstock::interfaces {

// INVALID_ARGUMENT names the field.
absl::StatusOr<TenantRequest> FromProto(const tenancy::v1::CreateTenantRequest& request);
absl::StatusOr<TenantRemoval> FromProto(const tenancy::v1::DeleteTenantRequest& request);
absl::StatusOr<TenantQuery> FromProto(const tenancy::v1::ListTenantsRequest& request);

tenancy::v1::TenantOperation ToProto(const TenantOperation& operation);
absl::StatusOr<tenancy::v1::ListTenantsResponse> ToProto(const paging::Page<Tenant>& page);

}  // namespace penstock::interfaces
