#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/execution_record.h"

namespace penstock::workflow_engine {

// One execution with its nodes. NOT_FOUND also when it is another tenant's.
absl::StatusOr<ExecutionRecord> GetExecution(postgres::Pool& pool, const auth::CallContext& caller,
                                             ExecutionId id);

}  // namespace penstock::workflow_engine
