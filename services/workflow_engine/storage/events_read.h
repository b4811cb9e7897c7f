// Reading a tenant's event stream. As executions_read.h: in a transaction of the server role for
// `tenant`.
//
// Numbers are given under the stream's lock, in the transaction that writes them. So once number n
// can be seen, so can all below it, and a reader that goes up to LastEvent and then on from there
// sees every event once.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/domain/event_record.h"

namespace penstock::workflow_engine {

// Number of the newest event; 0 before the first.
absl::StatusOr<int64_t> LastEvent(postgres::Connection& connection, TenantId tenant);

// In order: numbers in (after, up_to].
absl::StatusOr<std::vector<EventRecord>> ReadEvents(postgres::Connection& connection,
                                                    TenantId tenant, const EventFilter& filter,
                                                    int64_t after, int64_t up_to, int limit);

// Newest first: numbers below `before`.
absl::StatusOr<std::vector<EventRecord>> ListEvents(postgres::Connection& connection,
                                                    TenantId tenant, const EventFilter& filter,
                                                    int64_t before, int limit);

// How many there are, but not more than `limit`.
absl::StatusOr<int> CountEvents(postgres::Connection& connection, TenantId tenant,
                                const EventFilter& filter, int limit);

}  // namespace penstock::workflow_engine
