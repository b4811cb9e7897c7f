#include "services/interfaces/domain/grants.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::interfaces {

auth::Role HighestOf(const std::vector<auth::Role>& roles) {
  return *std::ranges::max_element(roles);
}

absl::Status CheckNotAbove(const auth::CallContext& caller, auth::Role role,
                           std::string_view what) {
  // A service acts for the tenant itself.
  if (caller.is_service() || role <= caller.role) return absl::OkStatus();
  return WithReason(
      absl::PermissionDeniedError(fmt::format("{} with role {} is above the caller's role {}", what,
                                              auth::RoleName(role), auth::RoleName(caller.role))),
      "ROLE_ABOVE_OWN", {{"role", std::string(auth::RoleName(role))}});
}

}  // namespace penstock::interfaces
