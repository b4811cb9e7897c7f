// Events between their record and the wire.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "penstock/workflow/v1/event.pb.h"
#include "services/workflow_engine/domain/event_record.h"
#include "services/workflow_engine/ops/list_events.h"

namespace penstock::workflow_engine {

struct Subscription {
  EventFilter filter;
  int64_t from = 0;  // first sequence number wanted; 0 = only what is committed from now on
};

// Each: INVALID_ARGUMENT with every field that is wrong.
absl::StatusOr<EventQuery> FromProto(const workflow::v1::ListEventsRequest& request);
absl::StatusOr<EventFilter> FromProto(const workflow::v1::ReplayEventsRequest& request);
absl::StatusOr<Subscription> FromProto(const workflow::v1::SubscribeEventsRequest& request);

workflow::v1::Event ToProto(const EventRecord& event);
workflow::v1::ListEventsResponse ToProto(const EventPage& page);

}  // namespace penstock::workflow_engine
