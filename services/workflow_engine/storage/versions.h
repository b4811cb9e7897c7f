// Published versions: immutable snapshots of definitions.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/domain/definition.h"
#include "services/workflow_engine/domain/workflow.h"

namespace penstock::workflow_engine::storage {

// As the engine reads it. NOT_FOUND when there is no such version.
absl::StatusOr<Definition> LoadVersion(postgres::Connection& connection, TenantId tenant,
                                       WorkflowId workflow, int version);

// As it was published. NOT_FOUND likewise.
absl::StatusOr<WorkflowVersion> LoadVersionText(postgres::Connection& connection, TenantId tenant,
                                                WorkflowId workflow, int version);

// Newest first, older than `before` when given, without definitions.
absl::StatusOr<std::vector<WorkflowVersion>> ListVersions(postgres::Connection& connection,
                                                          TenantId tenant, WorkflowId workflow,
                                                          std::optional<int> before, int limit);

// Copies the workflow's draft, which must be locked.
absl::Status InsertVersion(postgres::Connection& connection, TenantId tenant, WorkflowId workflow,
                           int version);

}  // namespace penstock::workflow_engine::storage
