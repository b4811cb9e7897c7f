// The stored receipt of one inbound delivery.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::workflow_engine {

struct DeliveryRecord {
  WebhookId id;
  std::string trigger_type;
  std::string action_type;
  absl::Time received_at;
  // JSON text; empty when there was none.
  std::string payload;
  std::string headers;
  std::string query;
  std::string delivery_id;
  std::string outcome;  // "accepted", "unmatched", "duplicate" or "rejected"
  std::vector<ExecutionId> executions;
  std::optional<WebhookId> redelivery_of;
};

// Which deliveries a list is about. Absent and empty members match all.
struct DeliveryFilter {
  std::string trigger_type = {};
  std::string action_type = {};
  absl::Time received_from = absl::InfinitePast();
  absl::Time received_before = absl::InfiniteFuture();
};

}  // namespace penstock::workflow_engine
