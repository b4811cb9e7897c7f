#include "services/workflow_engine/ops/project_scope.h"

#include <optional>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/scope.h"
#include "services/workflow_engine/ops/workflow_context.h"
#include "services/workflow_engine/storage/executions_read.h"

namespace penstock::workflow_engine {

absl::Status CheckWorkflowInScope(postgres::Pool& pool, const auth::CallContext& caller,
                                  WorkflowId id) {
  if (!caller.project) return absl::OkStatus();
  return postgres::RunInTransaction(
      pool, ScopeOf(caller), [&](postgres::Connection& connection) -> absl::Status {
        return FindWorkflow(connection, caller, id, Lock::kNone).status();
      });
}

absl::Status CheckExecutionInScope(postgres::Pool& pool, const auth::CallContext& caller,
                                   ExecutionId id) {
  if (!caller.project) return absl::OkStatus();
  return postgres::RunInTransaction(pool, ScopeOf(caller), [&](postgres::Connection& connection) {
    return CheckExecutionInScope(connection, caller, id);
  });
}

absl::Status CheckExecutionInScope(postgres::Connection& connection,
                                   const auth::CallContext& caller, ExecutionId id) {
  if (!caller.project) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   FindProjectOfExecution(connection, caller.tenant, id));
  if (project == caller.project) return absl::OkStatus();
  return absl::NotFoundError(fmt::format("no execution {}", id.ToString()));
}

}  // namespace penstock::workflow_engine
