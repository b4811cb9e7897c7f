#include "services/interfaces/rpc/convert_tenant_id.h"

#include "libs/status/details.h"

namespace penstock::interfaces {

absl::Status CheckTenantId(const auth::CallContext& caller, const std::string& tenant_id,
                           std::string_view field) {
  if (tenant_id.empty() || TenantId::Parse(tenant_id) == caller.tenant) return absl::OkStatus();
  return InvalidField(field, "must be empty or the caller's tenant");
}

absl::Status CheckOwnTenant(const auth::CallContext& caller, const std::string& tenant_id) {
  if (tenant_id.empty() || TenantId::Parse(tenant_id) == caller.tenant) return absl::OkStatus();
  return absl::NotFoundError("there is no such tenant");
}

}  // namespace penstock::interfaces
