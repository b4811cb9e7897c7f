#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/execution_record.h"
#include "services/workflow_engine/storage/executions_read.h"

namespace penstock::workflow_engine {

// One execution with its nodes. NOT_FOUND also when it is another tenant's.
absl::StatusOr<ExecutionRecord> GetExecution(postgres::Pool& pool, const auth::CallContext& caller,
                                             ExecutionId id);

// What is new about it: outcomes behind number `after`, at most `limit`, and the execution itself if its state is not `known`. NOT_FOUND as above.
absl::StatusOr<ExecutionNews> GetExecutionNews(postgres::Pool& pool, const auth::CallContext& caller, ExecutionId id, int after,
                                               std::optional<ExecutionState> known, int limit);

}  // namespace penstock::workflow_engine
