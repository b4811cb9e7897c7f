#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/execution_record.h"

namespace penstock::workflow_engine {

struct ExecutionQuery {
  ExecutionFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

using ExecutionPage = paging::Page<ExecutionRecord>;

// Newest first; without nodes, input and result. Executions that start between two pages are not on
// the second.
absl::StatusOr<ExecutionPage> ListExecutions(postgres::Pool& pool, const auth::CallContext& caller,
                                             const ExecutionQuery& query);

}  // namespace penstock::workflow_engine
