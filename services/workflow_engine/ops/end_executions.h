// Ends what a tenant still has running, before the tenant goes.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"

namespace penstock::workflow_engine {

// Cancels one execution, wherever it is; called back once, from any thread.
using CancelOne = std::function<void(TenantId tenant, ExecutionId id, std::function<void(const absl::Status&)> done)>;

// Cancels up to 500 open executions of the tenant and blocks until each has answered. Returns how many were open then; compensations that
// still run keep theirs open.
absl::StatusOr<int> EndExecutions(postgres::Pool& server_pool, TenantId tenant, const CancelOne& cancel, absl::Time deadline);

}  // namespace penstock::workflow_engine
