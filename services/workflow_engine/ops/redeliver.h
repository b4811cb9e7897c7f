// Runs the workflows that match a stored delivery again, as a new delivery. What was verified once is not verified again.
#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/ingress/ingress.h"
#include "services/workflow_engine/ops/list_deliveries.h"

namespace penstock::workflow_engine {

// Blocks until the new delivery is stored and answered. NOT_FOUND when there is no delivery of this id.
absl::StatusOr<DeliveryRecord> Redeliver(postgres::Pool& server_pool, Ingress& ingress, const auth::CallContext& caller, WebhookId id);

}  // namespace penstock::workflow_engine
