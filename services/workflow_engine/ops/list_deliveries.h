#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/delivery_record.h"

namespace penstock::workflow_engine {

struct DeliveryQuery {
  // Set: this delivery or none; the rest is ignored.
  std::optional<WebhookId> id = {};
  DeliveryFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

using DeliveryPage = paging::Page<DeliveryRecord>;

// Stored deliveries of the caller's tenant, newest first. A page of large payloads may hold fewer
// than asked for.
absl::StatusOr<DeliveryPage> ListDeliveries(postgres::Pool& pool, const auth::CallContext& caller,
                                            const DeliveryQuery& query);

// One of them. NOT_FOUND also when it is another tenant's.
absl::StatusOr<DeliveryRecord> GetDelivery(postgres::Pool& pool, const auth::CallContext& caller,
                                           WebhookId id);

}  // namespace penstock::workflow_engine
