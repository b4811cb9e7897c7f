#include "services/workflow_engine/ingress/wire_delivery.h"

#include <utility>

#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

int HttpStatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument: return 400;
    case absl::StatusCode::kUnauthenticated: return 401;
    case absl::StatusCode::kResourceExhausted: return 429;
    // Not stored, or nobody knows: the sender must try again.
    default: return 500;
  }
}

Fields TakeFields(google::protobuf::RepeatedPtrField<workflow::v1::HeaderField>& wire) {
  Fields fields;
  fields.reserve(wire.size());
  for (auto& field : wire) fields.emplace_back(std::move(*field.mutable_name()), std::move(*field.mutable_value()));
  return fields;
}

}  // namespace

absl::StatusOr<InboundDelivery> FromWire(workflow::v1::Delivery&& delivery) {
  std::optional<Uuid> tenant = Uuid::FromBytes(delivery.tenant_id());
  if (!tenant) return InvalidField("deliveries.tenant_id", "must be 16 bytes");
  std::optional<Awaited> awaited;
  if (!delivery.awaited_execution_id().empty()) {
    std::optional<Uuid> execution = Uuid::FromBytes(delivery.awaited_execution_id());
    if (!execution) return InvalidField("deliveries.awaited_execution_id", "must be 16 bytes");
    awaited = {ExecutionId(*execution),
               delivery.awaited() == workflow::v1::WAIT_MODE_COMPLETED ? WaitFor::kCompleted : WaitFor::kResponse};
  }
  return InboundDelivery{.tenant = TenantId(*tenant),
                         .trigger_type = std::move(*delivery.mutable_trigger_type()),
                         .action_type = std::move(*delivery.mutable_action_type()),
                         .body = std::move(*delivery.mutable_body()),
                         .content_type = std::move(*delivery.mutable_content_type()),
                         .headers = TakeFields(*delivery.mutable_headers()),
                         .query = TakeFields(*delivery.mutable_query()),
                         .forwarded = delivery.forwarded(),
                         .redelivery_of = std::nullopt,
                         .awaited = awaited};
}

workflow::v1::Delivery ToWire(const InboundDelivery& delivery) {
  workflow::v1::Delivery wire;
  wire.set_tenant_id(std::string(delivery.tenant.uuid().as_string_view()));
  wire.set_trigger_type(delivery.trigger_type);
  wire.set_action_type(delivery.action_type);
  wire.set_body(delivery.body);
  wire.set_content_type(delivery.content_type);
  wire.set_forwarded(delivery.forwarded);
  if (delivery.awaited) {
    wire.set_awaited_execution_id(std::string(delivery.awaited->execution.uuid().as_string_view()));
    wire.set_awaited(delivery.awaited->wait_for == WaitFor::kCompleted ? workflow::v1::WAIT_MODE_COMPLETED : workflow::v1::WAIT_MODE_RESPONSE);
  }
  for (const auto& [name, value] : delivery.headers) {
    auto* field = wire.add_headers();
    field->set_name(name);
    field->set_value(value);
  }
  for (const auto& [name, value] : delivery.query) {
    auto* field = wire.add_query();
    field->set_name(name);
    field->set_value(value);
  }
  return wire;
}

void ToWire(const absl::StatusOr<DeliveryAnswer>& answer, workflow::v1::DeliveryReply& reply) {
  if (!answer.ok()) {
    reply.set_http_status(HttpStatusOf(answer.status()));
    reply.set_error_reason(ReasonOf(answer.status()));
    reply.set_error_message(std::string(answer.status().message()));
    reply.set_retry_after_seconds(absl::ToDoubleSeconds(RetryAfterOf(answer.status())));
    return;
  }
  reply.set_webhook_id(std::string(answer->id.uuid().as_string_view()));
  reply.set_http_status(200);
  if (!answer->response) return;
  reply.set_http_status(answer->response->http_status);
  reply.set_content_type(answer->response->content_type);
  reply.set_body(answer->response->body);
  for (const auto& [name, value] : answer->response->headers) {
    auto* field = reply.add_headers();
    field->set_name(name);
    field->set_value(value);
  }
}

}  // namespace penstock::workflow_engine
