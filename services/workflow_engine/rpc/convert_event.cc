#include "services/workflow_engine/rpc/convert_event.h"

#include <vector>

#include "fmt/format.h"
#include "libs/json/proto_json.h"
#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "services/workflow_engine/rpc/read_time.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;

namespace {

constexpr int kMaxTypes = 50;

// What the three requests have in common.
template <typename Request>
EventFilter ReadFilter(const Request& request, std::vector<FieldViolation>& wrong) {
  EventFilter filter;
  if (request.types_size() > kMaxTypes) {
    wrong.push_back({"types", fmt::format("must be at most {}", kMaxTypes)});
  }
  filter.types.assign(request.types().begin(), request.types().end());
  if (!request.workflow_id().empty()) {
    filter.workflow = WorkflowId::Parse(request.workflow_id());
    if (!filter.workflow) wrong.push_back({"workflow_id", "must be a UUID"});
  }
  return filter;
}

template <typename Request>
void ReadTimes(const Request& request, EventFilter& filter, std::vector<FieldViolation>& wrong) {
  ReadTime(request.has_start_time(), request.start_time(), "start_time", filter.from, wrong);
  ReadTime(request.has_end_time(), request.end_time(), "end_time", filter.before, wrong);
}

}  // namespace

absl::StatusOr<EventQuery> FromProto(const v1::ListEventsRequest& request) {
  std::vector<FieldViolation> wrong;
  EventQuery query{.filter = ReadFilter(request, wrong),
                   .page_size = request.page_size(),
                   .page_token = request.page_token()};
  ReadTimes(request, query.filter, wrong);
  if (!wrong.empty()) return BadRequest(wrong);
  return query;
}

absl::StatusOr<EventFilter> FromProto(const v1::ReplayEventsRequest& request) {
  std::vector<FieldViolation> wrong;
  EventFilter filter = ReadFilter(request, wrong);
  ReadTimes(request, filter, wrong);
  if (!wrong.empty()) return BadRequest(wrong);
  return filter;
}

absl::StatusOr<Subscription> FromProto(const v1::SubscribeEventsRequest& request) {
  std::vector<FieldViolation> wrong;
  Subscription subscription{.filter = ReadFilter(request, wrong),
                            .from = request.from_sequence_number()};
  if (subscription.from < 0) wrong.push_back({"from_sequence_number", "must not be negative"});
  if (!wrong.empty()) return BadRequest(wrong);
  return subscription;
}

v1::Event ToProto(const EventRecord& event) {
  v1::Event proto;
  proto.set_id(event.id.ToString());
  proto.set_sequence_number(event.sequence);
  proto.set_type(event.type);
  SetTime(event.at, *proto.mutable_timestamp());
  if (event.workflow) proto.set_workflow_id(event.workflow->ToString());
  if (event.execution) proto.set_execution_id(event.execution->ToString());
  // What is on record parses: it was checked on its way in.
  if (!json::ToProto(event.payload, *proto.mutable_payload()).ok()) proto.clear_payload();
  return proto;
}

v1::ListEventsResponse ToProto(const EventPage& page) {
  v1::ListEventsResponse proto;
  for (const EventRecord& event : page.items) *proto.add_events() = ToProto(event);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::workflow_engine
