#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/execution_record.h"

namespace penstock::workflow_engine {

struct ExecutionListRequest {
  ExecutionFilter filter;
  int32_t page_size = 0;
  std::string page_token;
};

// Newest first; without nodes, input and result. Executions that start between two pages are not on
// the second.
absl::StatusOr<paging::Page<ExecutionRecord>> ListExecutions(postgres::Pool& pool,
                                                             const auth::CallContext& caller,
                                                             const ExecutionListRequest& request);

}  // namespace penstock::workflow_engine
