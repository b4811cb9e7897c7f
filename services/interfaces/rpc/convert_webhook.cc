#include "services/interfaces/rpc/convert_webhook.h"

#include <algorithm>
#include <vector>

#include "google/protobuf/util/time_util.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

constexpr int kDefaultPageSize = 20;
constexpr int kMaxPageSize = 200;

using google::protobuf::util::TimeUtil;

std::optional<absl::Time> TimeFrom(const google::protobuf::Timestamp& time, const char* field,
                                   std::vector<FieldViolation>& violations) {
  // From year 1 to 9999, as Timestamp is defined.
  if (time.seconds() < TimeUtil::kTimestampMinSeconds ||
      time.seconds() > TimeUtil::kTimestampMaxSeconds || time.nanos() < 0 ||
      time.nanos() >= 1'000'000'000) {
    violations.push_back({field, "must be between the years 1 and 9999"});
    return std::nullopt;
  }
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

v1::DeliveryOutcome OutcomeFrom(const std::string& outcome) {
  if (outcome == "accepted") return v1::DELIVERY_OUTCOME_ACCEPTED;
  if (outcome == "unmatched") return v1::DELIVERY_OUTCOME_UNMATCHED;
  if (outcome == "duplicate") return v1::DELIVERY_OUTCOME_DUPLICATE;
  if (outcome == "rejected") return v1::DELIVERY_OUTCOME_REJECTED;
  return v1::DELIVERY_OUTCOME_UNSPECIFIED;
}

// What was stored is not the caller's fault.
template <typename Message>
absl::Status JsonToProto(const std::string& text, Message& message) {
  if (text.empty() || text == "null") return absl::OkStatus();
  const absl::Status status = json::ToProto(text, message);
  return status.ok() ? status : absl::InternalError("a stored delivery can't be read");
}

}  // namespace

absl::StatusOr<DeliveryFilter> FromProto(const v1::ListDeliveriesRequest& request) {
  std::vector<FieldViolation> violations;
  DeliveryFilter filter;
  if (request.page_size() < 0) violations.push_back({"page_size", "must not be negative"});
  filter.page_size =
      request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize);
  filter.page_token = request.page_token();
  filter.trigger_type = request.trigger_type();
  filter.action_type = request.action_type();
  if (request.has_start_time()) {
    filter.start_time = TimeFrom(request.start_time(), "start_time", violations);
  }
  if (request.has_end_time()) {
    filter.end_time = TimeFrom(request.end_time(), "end_time", violations);
  }
  if (filter.start_time && filter.end_time && *filter.start_time > *filter.end_time) {
    violations.push_back({"end_time", "must not be before start_time"});
  }
  if (!violations.empty()) return BadRequest(violations);
  return filter;
}

absl::StatusOr<WebhookId> DeliveryIdFrom(const std::string& id) {
  const std::optional<WebhookId> parsed = WebhookId::Parse(id);
  if (!parsed) return InvalidField("id", "must be a UUID");
  return *parsed;
}

absl::StatusOr<v1::Delivery> ToProto(const workflow::v1::StoredDelivery& stored) {
  v1::Delivery delivery;
  delivery.set_id(stored.id());
  delivery.set_trigger_type(stored.trigger_type());
  delivery.set_action_type(stored.action_type());
  *delivery.mutable_receive_time() = stored.receive_time();
  delivery.mutable_payload()->set_null_value(google::protobuf::NULL_VALUE);
  RETURN_IF_ERROR(JsonToProto(stored.payload_json(), *delivery.mutable_payload()));
  RETURN_IF_ERROR(JsonToProto(stored.headers_json(), *delivery.mutable_headers()));
  RETURN_IF_ERROR(JsonToProto(stored.query_json(), *delivery.mutable_query()));
  delivery.set_delivery_id(stored.delivery_id());
  delivery.set_outcome(OutcomeFrom(stored.outcome()));
  *delivery.mutable_execution_ids() = stored.execution_ids();
  delivery.set_redelivery_of(stored.redelivery_of());
  return delivery;
}

absl::StatusOr<v1::ListDeliveriesResponse> ToProto(
    const workflow::v1::ListDeliveriesInternalResponse& page) {
  v1::ListDeliveriesResponse response;
  for (const auto& stored : page.deliveries()) {
    ASSIGN_OR_RETURN(*response.add_deliveries(), ToProto(stored));
  }
  response.set_next_page_token(page.next_page_token());
  response.set_total_size(page.total_size());
  return response;
}

v1::SigningSecret ToProto(const CreatedSigningSecret& secret) {
  v1::SigningSecret proto;
  proto.set_name(secret.name);
  proto.set_value(secret.value);
  *proto.mutable_create_time() =
      TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(secret.created_at));
  return proto;
}

v1::ListSigningSecretsResponse ToProto(
    const workflow::v1::ListSigningSecretsInternalResponse& secrets) {
  v1::ListSigningSecretsResponse response;
  for (const auto& secret : secrets.secrets()) {
    v1::SigningSecret& proto = *response.add_secrets();
    proto.set_name(secret.name());
    *proto.mutable_create_time() = secret.create_time();
  }
  return response;
}

}  // namespace penstock::interfaces
