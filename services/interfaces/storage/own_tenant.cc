#include "services/interfaces/storage/own_tenant.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {

using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;

absl::StatusOr<Tenant> LoadTenant(Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kLoadTenant, Params().Add(tenant)));
  if (row.rows() == 0) return absl::NotFoundError("the tenant is gone");
  return Tenant{.id = row.Get<TenantId>(0, 0),
                .slug = row.Get<std::string>(0, 1),
                .name = row.Get<std::string>(0, 2),
                .email = row.Get<std::optional<std::string>>(0, 3).value_or(""),
                .plan = row.Get<std::string>(0, 4),
                .status = row.Get<std::string>(0, 5),
                .created_at = row.Get<absl::Time>(0, 6),
                .updated_at = row.Get<absl::Time>(0, 7),
                .settings = {.onboarding_completed_at = row.Get<std::optional<absl::Time>>(0, 9),
                             .onboarding_skipped = row.Get<bool>(0, 10),
                             .onboarding_data = row.Get<std::string>(0, 11),
                             .custom = row.Get<std::string>(0, 12)},
                .email_settings = {.provider = row.Get<std::string>(0, 13),
                                   .fallback_enabled = row.Get<bool>(0, 14),
                                   .tracking_enabled = row.Get<bool>(0, 15),
                                   .max_daily_emails = row.Get<std::optional<int32_t>>(0, 16)}};
}

absl::Status SaveTenant(Connection& connection, const Tenant& tenant) {
  std::optional<std::string> email;
  if (!tenant.email.empty()) email = tenant.email;
  const TenantSettings& settings = tenant.settings;
  const EmailSettings& mail = tenant.email_settings;
  postgres::Pipeline pipeline;
  pipeline.Add(kUpdateTenant, Params().Add(tenant.id).Add(tenant.name).Add(email));
  pipeline.Add(kPutTenantSettings, Params()
                                       .Add(tenant.id)
                                       .Add(settings.onboarding_completed_at.has_value())
                                       .Add(settings.onboarding_completed_at)
                                       .Add(settings.onboarding_skipped)
                                       .Add(Jsonb{settings.onboarding_data})
                                       .Add(Jsonb{settings.custom}));
  pipeline.Add(kPutEmailSettings, Params()
                                      .Add(tenant.id)
                                      .Add(mail.provider)
                                      .Add(mail.fallback_enabled)
                                      .Add(mail.tracking_enabled)
                                      .Add(mail.max_daily_emails));
  return pipeline.Run(connection).status();
}

}  // namespace penstock::interfaces::storage
