// Reading executions. Every function runs in a transaction of the server role for `tenant`;
// row-level security is the second wall behind the tenant in each query.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/domain/execution_record.h"

namespace penstock::workflow_engine {

// With its nodes and whole payloads, as of one moment. Nothing when the tenant has no such
// execution.
// Of its workflow.
absl::StatusOr<std::optional<ProjectId>> FindProjectOfExecution(postgres::Connection& connection,
                                                                TenantId tenant, ExecutionId id);
absl::StatusOr<std::optional<ExecutionRecord>> FindExecution(postgres::Connection& connection,
                                                             TenantId tenant, ExecutionId id);

// What has come to an execution's record since a reader last looked.
struct ExecutionNews {
  ExecutionState state = ExecutionState::kCreated;
  // Without nodes; only when its state is not the one that the reader knows.
  std::optional<ExecutionRecord> execution;
  // Outcomes behind the last one that the reader knows, in order.
  std::vector<NodeRecord> nodes;
};

// Nodes behind number `after`, at most `limit`; `known` is the state last seen. As of one moment, with
// whole payloads. Nothing when the tenant has no such execution.
absl::StatusOr<std::optional<ExecutionNews>> FindExecutionNews(
    postgres::Connection& connection, TenantId tenant, ExecutionId id, int after,
    std::optional<ExecutionState> known, int limit);

// Newest first, below `before` if given, at most `limit`; without nodes, input and result.
absl::StatusOr<std::vector<ExecutionRecord>> ListExecutions(postgres::Connection& connection,
                                                            TenantId tenant,
                                                            const ExecutionFilter& filter,
                                                            std::optional<ExecutionId> before,
                                                            int limit);

// How many there are, but not more than `limit`.
absl::StatusOr<int> CountExecutions(postgres::Connection& connection, TenantId tenant,
                                    const ExecutionFilter& filter, int limit);

}  // namespace penstock::workflow_engine
