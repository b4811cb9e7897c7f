#include "services/interfaces/storage/overview.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {

absl::StatusOr<Overview> LoadOverview(postgres::Connection& connection, TenantId tenant) {
  ASSIGN_OR_RETURN(
      const postgres::Result row,
      connection.Execute(kLoadOverview, postgres::Params().Add(tenant).Add(kCountedUpTo)));
  Overview overview{.tenant = tenant, .as_of = row.Get<absl::Time>(0, 0)};
  int column = 0;
  for (int64_t* count :
       {&overview.user_profiles, &overview.projects, &overview.companies, &overview.api_keys,
        &overview.workflows.draft, &overview.workflows.active, &overview.workflows.paused,
        &overview.workflows.archived, &overview.executions.running, &overview.executions.paused,
        &overview.executions.completed, &overview.executions.failed, &overview.executions.cancelled,
        &overview.executions.timed_out, &overview.executions.terminated,
        &overview.webhooks_today}) {
    *count = row.Get<int64_t>(0, ++column);
  }
  return overview;
}

}  // namespace penstock::interfaces::storage
