// For whom a step of a workflow runs.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/postgres/pool.h"

namespace penstock::connector {

// A workflow is limited to its project as a key may be: the engine's context with the project of
// the workflow. INVALID_ARGUMENT when it is no id, NOT_FOUND when the tenant has no such workflow.
absl::StatusOr<auth::CallContext> WorkflowCaller(postgres::Pool& pool,
                                                 const auth::CallContext& engine,
                                                 const std::string& workflow_id);

}  // namespace penstock::connector
