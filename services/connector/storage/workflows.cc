#include "services/connector/storage/workflows.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/storage/queries.h"

namespace penstock::connector::storage {

absl::StatusOr<std::optional<ProjectId>> ProjectOfWorkflow(postgres::Connection& connection,
                                                           TenantId tenant, WorkflowId workflow) {
  ASSIGN_OR_RETURN(const postgres::Result row,
                   connection.Execute(kFindProjectOfWorkflow,
                                      postgres::Params().Add(tenant).Add(workflow)));
  return row.Get<std::optional<ProjectId>>(0, 0);
}

}  // namespace penstock::connector::storage
