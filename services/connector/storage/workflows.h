// What connector-service asks of the engine's schema.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::connector::storage {

// None when the tenant has no such workflow.
absl::StatusOr<std::optional<ProjectId>> ProjectOfWorkflow(postgres::Connection& connection,
                                                           TenantId tenant, WorkflowId workflow);

}  // namespace penstock::connector::storage
