#include "services/workflow_engine/ops/redeliver.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::workflow_engine {
namespace {

// Stored headers and query are objects of strings.
Fields FieldsOf(const std::string& json) {
  Fields fields;
  nlohmann::json object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) return fields;
  for (const auto& [name, value] : object.items()) {
    if (value.is_string()) fields.emplace_back(name, value.get<std::string>());
  }
  return fields;
}

}  // namespace

absl::StatusOr<DeliveryRecord> Redeliver(postgres::Pool& server_pool, Ingress& ingress, const auth::CallContext& caller, WebhookId id) {
  ASSIGN_OR_RETURN(DeliveryRecord stored, GetDelivery(server_pool, caller, id));
  InboundDelivery delivery{.tenant = caller.tenant,
                           .trigger_type = stored.trigger_type,
                           .action_type = stored.action_type,
                           .body = stored.payload,  // JSON by now, whatever it came as
                           .content_type = "application/json",
                           .headers = FieldsOf(stored.headers),
                           .query = FieldsOf(stored.query),
                           .forwarded = false,
                           .redelivery_of = id};
  struct Shared {
    absl::Notification answered;
    absl::StatusOr<DeliveryAnswer> answer = absl::UnknownError("not answered");
  };
  // Shared, because the answer may come after this call's deadline.
  auto shared = std::make_shared<Shared>();
  ingress.Deliver(std::move(delivery), [shared](const absl::StatusOr<DeliveryAnswer>& answer) {
    shared->answer = answer;
    shared->answered.Notify();
  });
  if (!shared->answered.WaitForNotificationWithDeadline(caller.deadline)) {
    return absl::DeadlineExceededError("the workflow has not answered yet; the new delivery may be stored");
  }
  RETURN_IF_ERROR(shared->answer.status());
  return GetDelivery(server_pool, caller, shared->answer->id);
}

}  // namespace penstock::workflow_engine
