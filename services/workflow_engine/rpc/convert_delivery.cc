#include "services/workflow_engine/rpc/convert_delivery.h"

#include <vector>

#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "services/workflow_engine/rpc/read_time.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;

absl::StatusOr<DeliveryQuery> FromProto(const v1::ListDeliveriesInternalRequest& request) {
  DeliveryQuery query{
      .id = {}, .filter = {}, .page_size = request.page_size(), .page_token = request.page_token()};
  std::vector<FieldViolation> wrong;
  if (!request.id().empty()) {
    query.id = WebhookId::Parse(request.id());
    if (!query.id) wrong.push_back({"id", "must be a UUID"});
  }
  query.filter.trigger_type = request.trigger_type();
  query.filter.action_type = request.action_type();
  ReadTime(request.has_start_time(), request.start_time(), "start_time", query.filter.received_from,
           wrong);
  ReadTime(request.has_end_time(), request.end_time(), "end_time", query.filter.received_before,
           wrong);
  if (!wrong.empty()) return BadRequest(wrong);
  return query;
}

v1::StoredDelivery ToProto(const DeliveryRecord& delivery) {
  v1::StoredDelivery proto;
  proto.set_id(delivery.id.ToString());
  proto.set_trigger_type(delivery.trigger_type);
  proto.set_action_type(delivery.action_type);
  SetTime(delivery.received_at, *proto.mutable_receive_time());
  proto.set_payload_json(delivery.payload);
  proto.set_headers_json(delivery.headers);
  proto.set_query_json(delivery.query);
  proto.set_delivery_id(delivery.delivery_id);
  proto.set_outcome(delivery.outcome);
  for (ExecutionId id : delivery.executions) proto.add_execution_ids(id.ToString());
  if (delivery.redelivery_of) proto.set_redelivery_of(delivery.redelivery_of->ToString());
  return proto;
}

v1::ListDeliveriesInternalResponse ToProto(const DeliveryPage& page) {
  v1::ListDeliveriesInternalResponse proto;
  for (const DeliveryRecord& delivery : page.items) *proto.add_deliveries() = ToProto(delivery);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::workflow_engine
