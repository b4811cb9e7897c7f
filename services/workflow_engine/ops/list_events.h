#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/event_record.h"

namespace penstock::workflow_engine {

struct EventQuery {
  EventFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

using EventPage = paging::Page<EventRecord>;

// Newest first.
absl::StatusOr<EventPage> ListEvents(postgres::Pool& pool, const auth::CallContext& caller,
                                     const EventQuery& query);

}  // namespace penstock::workflow_engine
