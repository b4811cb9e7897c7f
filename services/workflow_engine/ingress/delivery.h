// One inbound webhook as the engine looks at it, whatever brought it: the front door, another engine, or a redelivery.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "services/workflow_engine/engine/changes.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

using Fields = std::vector<std::pair<std::string, std::string>>;

// A wait that goes on where the execution does.
struct Awaited {
  ExecutionId execution;
  WaitFor wait_for = WaitFor::kCompleted;
};

struct InboundDelivery {
  TenantId tenant;
  std::string trigger_type;
  std::string action_type;
  std::string body;  // raw
  std::string content_type;
  Fields headers;  // lower-case names
  Fields query;
  bool forwarded = false;                  // by another engine
  std::optional<WebhookId> redelivery_of;  // then it is trusted and not de-duplicated
  std::optional<Awaited> awaited = {};     // then it is no delivery at all, and nothing but the tenant is set
};

struct DeliveryAnswer {
  WebhookId id;
  std::vector<ExecutionId> executions;
  std::string_view outcome;
  // Set when a workflow answered; otherwise the sender gets the plain acknowledgement.
  std::optional<Complete::Response> response;
};

// The body as JSON text: JSON as it is (trimmed), an empty body as null, a form as an object of strings, other text as a string.
// INVALID_ARGUMENT when it is not what content_type says.
absl::StatusOr<std::string> PayloadOf(std::string_view body, std::string_view content_type);

// {"name": "value", ...}; the last of equal names wins. Null Text when there are none.
Text FieldsJson(const Fields& fields);

// {"type","data","receivedAt","headers"?,"query"?}: what a trigger node puts out (W3).
Text TriggerOutput(std::string_view type, std::string_view data, absl::Time received_at, const Text& headers, const Text& query);

// Whether a wait ended because the execution goes on at another engine (reason MOVED), where the wait can be taken up.
bool HasMoved(const absl::Status& status);

// What a sender that waited is told by a workflow without a response node: 200 with the result, or 500 with the error's type, or 409 when it was
// cancelled.
Complete::Response ResponseWithoutNode(ExecutionId id, ExecutionState state, const Text& result);

}  // namespace penstock::workflow_engine
