#include "services/workflow_engine/ops/get_execution.h"

#include <optional>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/scope.h"
#include "services/workflow_engine/storage/executions_read.h"

namespace penstock::workflow_engine {

absl::StatusOr<ExecutionRecord> GetExecution(postgres::Pool& pool, const auth::CallContext& caller,
                                             ExecutionId id) {
  ASSIGN_OR_RETURN(std::optional<ExecutionRecord> found,
                   postgres::RunInTransactionReturning<std::optional<ExecutionRecord>>(
                       pool, ScopeOf(caller), [&](postgres::Connection& connection) {
                         return FindExecution(connection, caller.tenant, id);
                       }));
  if (!found) return absl::NotFoundError(fmt::format("no execution {}", id.ToString()));
  return *std::move(found);
}

}  // namespace penstock::workflow_engine
