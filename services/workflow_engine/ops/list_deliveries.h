#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/ids/uuid.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/delivery_record.h"

namespace penstock::workflow_engine {

struct DeliveryListRequest {
  DeliveryFilter filter;
  int32_t page_size = 0;
  std::string page_token;
};

// Stored deliveries of the caller's tenant, newest first. A page of large payloads may hold fewer
// than asked for.
absl::StatusOr<paging::Page<DeliveryRecord>> ListDeliveries(postgres::Pool& pool,
                                                            const auth::CallContext& caller,
                                                            const DeliveryListRequest& request);

// One of them. NOT_FOUND also when it is another tenant's.
absl::StatusOr<DeliveryRecord> GetDelivery(postgres::Pool& pool, const auth::CallContext& caller,
                                           WebhookId id);

}  // namespace penstock::workflow_engine
