// The routes by which deliveries find workflows. Only active workflows have any.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/domain/definition.h"

namespace penstock::workflow_engine::storage {

struct Route {
  WorkflowId workflow_id;
  int version = 0;
  std::string node_id;
  std::string trigger_type;
  std::string action_type;
  Json config;  // of the trigger node
};

// Every route of the tenant, oldest workflow first.
absl::StatusOr<std::vector<Route>> LoadRoutes(postgres::Connection& connection, TenantId tenant);

// Makes `routes` the only ones of the workflow (none: it is no longer matched), its schedules those
// that its schedule triggers declare, and raises the tenant's generation, by which routers see that their copies are old. Belongs in the transaction
// that changes the workflow's status or version.
absl::Status ReplaceRoutes(postgres::Connection& connection, TenantId tenant, WorkflowId workflow,
                           const std::vector<Route>& routes);

}  // namespace penstock::workflow_engine::storage
