// What an API key that is limited to a project may see of executions: those of its project's
// workflows. For everybody else these checks ask nobody and are OK.
#pragma once

#include "absl/status/status.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"

namespace penstock::workflow_engine {

// NOT_FOUND when the workflow is another project's, or there is none.
absl::Status CheckWorkflowInScope(postgres::Pool& pool, const auth::CallContext& caller,
                                  WorkflowId id);
// NOT_FOUND when the execution's workflow is another project's, or there is no such execution.
absl::Status CheckExecutionInScope(postgres::Pool& pool, const auth::CallContext& caller,
                                   ExecutionId id);
// The same, within a transaction of the caller's scope.
absl::Status CheckExecutionInScope(postgres::Connection& connection,
                                   const auth::CallContext& caller, ExecutionId id);

}  // namespace penstock::workflow_engine
