#include "libs/auth/role_table.h"

#include <cstdio>
#include <cstdlib>

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/status/details.h"

namespace penstock::auth {
namespace {

Role LeastRole(Access access) {
  switch (access) {
    case Access::kPublic:
    case Access::kViewer:
      return Role::kViewer;
    case Access::kOperator:
      return Role::kOperator;
    case Access::kDeveloper:
      return Role::kDeveloper;
    case Access::kAdmin:
    case Access::kPlatformAdmin:
    case Access::kServiceOnly:
      return Role::kAdmin;
  }
  return Role::kOwner;
}

absl::Status Refused(const std::string& why, const char* reason, std::string_view full_method) {
  return WithReason(absl::PermissionDeniedError(why), reason,
                    {{"method", std::string(full_method)}});
}

absl::Status CheckService(std::string_view full_method, Access access, const CallContext& caller) {
  if (access == Access::kPlatformAdmin && caller.tenant != kPlatformTenant) {
    return Refused("the service token is not of the platform's tenant", "PLATFORM_ONLY", full_method);
  }
  if (access == Access::kServiceOnly || !caller.tenant.is_nil()) return absl::OkStatus();
  return Refused("this call needs a tenant and the service token carries none", "ROLE_NOT_ALLOWED",
                 full_method);
}

}  // namespace

RoleTable::RoleTable(const std::vector<Entry>& entries) : entries_(entries) {
  for (const auto& [method, access] : entries_) {
    if (!access_.emplace(method, access).second) {
      fmt::print(stderr, "role table: {} is named twice\n", method);
      std::abort();
    }
  }
}

bool RoleTable::IsPublic(std::string_view full_method) const {
  auto found = access_.find(full_method);
  return found != access_.end() && found->second == Access::kPublic;
}

absl::Status RoleTable::Check(std::string_view full_method, const CallContext& caller) const {
  auto found = access_.find(full_method);
  if (found == access_.end()) {
    return WithReason(absl::UnimplementedError("nobody may call this method yet"), "NO_ROLE_ENTRY",
                      {{"method", std::string(full_method)}});
  }
  Access access = found->second;
  if (access == Access::kPublic) return absl::OkStatus();
  if (caller.is_service()) return CheckService(full_method, access, caller);
  if (access == Access::kServiceOnly) {
    return Refused("only Penstock's own services may call this", "SERVICE_ONLY", full_method);
  }
  if (access == Access::kPlatformAdmin && caller.tenant != kPlatformTenant) {
    return Refused("only the platform's own admins may call this", "PLATFORM_ONLY", full_method);
  }
  if (caller.role >= LeastRole(access)) return absl::OkStatus();
  return Refused(fmt::format("role {} may not call this; {} may", RoleName(caller.role),
                             RoleName(LeastRole(access))),
                 "ROLE_NOT_ALLOWED", full_method);
}

}  // namespace penstock::auth
