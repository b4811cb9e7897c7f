#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/event_record.h"

namespace penstock::workflow_engine {

struct EventListRequest {
  EventFilter filter;
  int32_t page_size = 0;
  std::string page_token;
};

// Newest first.
absl::StatusOr<paging::Page<EventRecord>> ListEvents(postgres::Pool& pool,
                                                     const auth::CallContext& caller,
                                                     const EventListRequest& request);

}  // namespace penstock::workflow_engine
