#include "services/migrate/bootstrap/tenant.h"

#include "fmt/format.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/migrate/bootstrap/queries.h"

namespace penstock::migrate {
namespace {

using postgres::Params;

// In the words of the caller, who knows fields and not constraints.
absl::Status Explain(const absl::Status& status, const NewTenant& tenant) {
  std::string constraint = postgres::ConstraintOf(status);
  if (constraint == "tenants_slug_unique") {
    return WithReason(absl::AlreadyExistsError(fmt::format("there is a tenant with the slug {}", tenant.slug)),
                      "SLUG_TAKEN");
  }
  if (constraint == "tenants_slug_form") {
    return InvalidField("slug", "must be 1 to 63 lower-case letters, digits and inner hyphens");
  }
  if (constraint == "tenants_name_length") return InvalidField("name", "must have 1 to 255 characters");
  return status;
}

}  // namespace

absl::StatusOr<TenantIds> CreateTenant(postgres::Connection& admin, const NewTenant& tenant,
                                       absl::Time now) {
  TenantIds ids{TenantId::Make(now), ProjectId::Make(now), Uuid::MakeV7(now)};
  postgres::Pipeline pipeline;
  pipeline.Add(postgres::kBegin);
  pipeline.Add(kInsertTenant, Params().Add(ids.tenant).Add(tenant.slug).Add(tenant.name));
  pipeline.Add(kInsertDefaultProject, Params().Add(ids.tenant).Add(ids.project));
  pipeline.Add(kInsertDefaultTaskQueue,
               Params().Add(ids.tenant).Add(ids.task_queue).Add(ids.project));
  pipeline.Add(postgres::kCommit);
  absl::Status status = pipeline.Run(admin).status();
  if (!status.ok()) return Explain(status, tenant);
  return ids;
}

}  // namespace penstock::migrate
