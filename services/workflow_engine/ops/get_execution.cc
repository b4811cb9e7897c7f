#include "services/workflow_engine/ops/get_execution.h"

#include <optional>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/project_scope.h"
#include "services/workflow_engine/ops/scope.h"

namespace penstock::workflow_engine {

namespace {

absl::Status NoExecution(ExecutionId id) { return absl::NotFoundError(fmt::format("no execution {}", id.ToString())); }

}  // namespace

absl::StatusOr<ExecutionRecord> GetExecution(postgres::Pool& pool, const auth::CallContext& caller,
                                             ExecutionId id) {
  ASSIGN_OR_RETURN(std::optional<ExecutionRecord> found,
                   postgres::RunInTransactionReturning<std::optional<ExecutionRecord>>(
                       pool, ScopeOf(caller),
                       [&](postgres::Connection& connection)
                           -> absl::StatusOr<std::optional<ExecutionRecord>> {
                         RETURN_IF_ERROR(CheckExecutionInScope(connection, caller, id));
                         return FindExecution(connection, caller.tenant, id);
                       }));
  if (!found) return NoExecution(id);
  return *std::move(found);
}

absl::StatusOr<ExecutionNews> GetExecutionNews(postgres::Pool& pool, const auth::CallContext& caller, ExecutionId id, int after,
                                               std::optional<ExecutionState> known, int limit) {
  ASSIGN_OR_RETURN(std::optional<ExecutionNews> found,
                   postgres::RunInTransactionReturning<std::optional<ExecutionNews>>(
                       pool, ScopeOf(caller),
                       [&](postgres::Connection& connection)
                           -> absl::StatusOr<std::optional<ExecutionNews>> {
                         RETURN_IF_ERROR(CheckExecutionInScope(connection, caller, id));
                         return FindExecutionNews(connection, caller.tenant, id, after, known, limit);
                       }));
  if (!found) return NoExecution(id);
  return *std::move(found);
}

}  // namespace penstock::workflow_engine
