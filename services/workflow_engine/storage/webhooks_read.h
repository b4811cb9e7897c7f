// Reading stored deliveries. As executions_read.h: in a transaction of the server role for
// `tenant`.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/domain/delivery_record.h"

namespace penstock::workflow_engine {

// Payloads of a page are read up to this many bytes; the page ends with the delivery that passes
// it.
inline constexpr size_t kDeliveryPageBytes = 4 << 20;

absl::StatusOr<std::optional<DeliveryRecord>> FindDelivery(postgres::Connection& connection,
                                                           TenantId tenant, WebhookId id);

// Newest first, below `before` if given, at most `limit`; fewer than there are when their payloads
// are large.
struct DeliveryRows {
  std::vector<DeliveryRecord> deliveries;
  bool cut_short = false;  // by kDeliveryPageBytes
};
absl::StatusOr<DeliveryRows> ListDeliveries(postgres::Connection& connection, TenantId tenant,
                                            const DeliveryFilter& filter,
                                            std::optional<WebhookId> before, int limit);

// How many there are, but not more than `limit`.
absl::StatusOr<int> CountDeliveries(postgres::Connection& connection, TenantId tenant,
                                    const DeliveryFilter& filter, int limit);

}  // namespace penstock::workflow_engine
