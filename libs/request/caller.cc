#include "libs/request/caller.h"

#include "libs/status/details.h"

namespace penstock {

absl::Status CheckTenantId(const auth::CallContext& caller, const std::string& tenant_id,
                           std::string_view field) {
  if (tenant_id.empty() || TenantId::Parse(tenant_id) == caller.tenant) return absl::OkStatus();
  return InvalidField(field, "must be empty or the caller's tenant");
}

absl::Status CheckOwnTenant(const auth::CallContext& caller, const std::string& tenant_id) {
  if (tenant_id.empty() || TenantId::Parse(tenant_id) == caller.tenant) return absl::OkStatus();
  return absl::NotFoundError("there is no such tenant");
}

absl::Status CheckTenantWide(const auth::CallContext& caller) {
  if (!caller.project) return absl::OkStatus();
  return WithReason(
      absl::PermissionDeniedError("an API key that is limited to a project may not call this"),
      "PROJECT_SCOPED_KEY");
}

}  // namespace penstock
