// What a caller can ask about its own tenant.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/own_tenant.h"

namespace penstock::interfaces {

// What is set is changed.
struct TenantChange {
  std::optional<std::string> name = {}, email = {};
  std::optional<bool> onboarding_completed = {}, onboarding_skipped = {};
  std::optional<std::string> onboarding_data = {}, custom = {};  // JSON objects
  std::optional<std::string> email_provider = {};
  std::optional<bool> fallback_enabled = {}, tracking_enabled = {};
  std::optional<int32_t> max_daily_emails = {};  // 0 = no limit
};

absl::StatusOr<Tenant> GetOwnTenant(const IdentityContext& context,
                                    const auth::CallContext& caller);
absl::StatusOr<Tenant> UpdateOwnTenant(const IdentityContext& context,
                                       const auth::CallContext& caller, const TenantChange& change);

}  // namespace penstock::interfaces
