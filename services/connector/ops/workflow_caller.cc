#include "services/connector/ops/workflow_caller.h"

#include <optional>

#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/storage/workflows.h"

namespace penstock::connector {

absl::StatusOr<auth::CallContext> WorkflowCaller(postgres::Pool& pool,
                                                 const auth::CallContext& engine,
                                                 const std::string& workflow_id) {
  const std::optional<WorkflowId> workflow = WorkflowId::Parse(workflow_id);
  if (!workflow) return InvalidField("execution.workflowId", "must be a UUID");
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   postgres::RunInTransactionReturning<std::optional<ProjectId>>(
                       pool, ScopeOf(engine), [&](postgres::Connection& connection) {
                         return storage::ProjectOfWorkflow(connection, engine.tenant, *workflow);
                       }));
  if (!project) return absl::NotFoundError("there is no such workflow");
  auth::CallContext caller = engine;
  caller.project = *project;
  return caller;
}

}  // namespace penstock::connector
