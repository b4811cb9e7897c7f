#include "services/interfaces/ops/own_tenant.h"

#include <vector>

#include "libs/request/caller.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/domain/email.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using postgres::Connection;

constexpr size_t kMaxJsonBytes = 64 << 10;

absl::Status CheckTenant(const Tenant& tenant) {
  std::vector<FieldViolation> wrong;
  CheckText(tenant.name, "tenant.name", {.min = 1, .max = 255}, wrong);
  if (!tenant.email.empty()) CheckEmail(tenant.email, "tenant.email", wrong);
  if (tenant.settings.onboarding_data.size() > kMaxJsonBytes / 2) {
    wrong.push_back({"tenant.settings.onboarding_data", "must be smaller than 32 KiB"});
  }
  if (tenant.settings.custom.size() > kMaxJsonBytes / 2) {
    wrong.push_back({"tenant.settings.custom", "must be smaller than 32 KiB"});
  }
  if (tenant.email_settings.max_daily_emails.value_or(1) < 0) {
    wrong.push_back({"tenant.email_settings.max_daily_emails", "must not be negative"});
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

template <typename T>
void Take(const std::optional<T>& from, T& to) {
  if (from) to = *from;
}

void Apply(const TenantChange& change, absl::Time now, Tenant& tenant) {
  Take(change.name, tenant.name);
  Take(change.email, tenant.email);
  TenantSettings& settings = tenant.settings;
  if (change.onboarding_completed) {
    if (!*change.onboarding_completed) settings.onboarding_completed_at.reset();
    if (*change.onboarding_completed && !settings.onboarding_completed_at) {
      settings.onboarding_completed_at = now;
    }
  }
  Take(change.onboarding_skipped, settings.onboarding_skipped);
  Take(change.onboarding_data, settings.onboarding_data);
  Take(change.custom, settings.custom);
  EmailSettings& mail = tenant.email_settings;
  Take(change.email_provider, mail.provider);
  Take(change.fallback_enabled, mail.fallback_enabled);
  Take(change.tracking_enabled, mail.tracking_enabled);
  if (change.max_daily_emails) {
    mail.max_daily_emails.reset();
    if (*change.max_daily_emails != 0) mail.max_daily_emails = *change.max_daily_emails;
  }
}

}  // namespace

absl::StatusOr<Tenant> GetOwnTenant(const IdentityContext& context, const CallContext& caller) {
  return postgres::RunInTransactionReturning<Tenant>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return storage::LoadTenant(connection, caller.tenant); });
}

absl::StatusOr<Tenant> UpdateOwnTenant(const IdentityContext& context, const CallContext& caller,
                                       const TenantChange& change) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return postgres::RunInTransactionReturning<Tenant>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Tenant> {
        RETURN_IF_ERROR(storage::LockPeople(connection, caller.tenant));
        ASSIGN_OR_RETURN(Tenant tenant, storage::LoadTenant(connection, caller.tenant));
        Apply(change, context.clock.Now(), tenant);
        RETURN_IF_ERROR(CheckTenant(tenant));
        RETURN_IF_ERROR(storage::SaveTenant(connection, tenant));
        RETURN_IF_ERROR(storage::AppendAudit(connection, caller,
                                             {.action = "tenant.updated",
                                              .resource_type = "tenant",
                                              .resource_id = caller.tenant.ToString()}));
        return storage::LoadTenant(connection, caller.tenant);
      });
}

}  // namespace penstock::interfaces
