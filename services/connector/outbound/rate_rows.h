// The rows that replicas share about how fast a connector may call.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "services/connector/outbound/rate_gate.h"

namespace penstock::connector::storage {

struct Grant {
  int calls = 0;        // 0: the wait is longer than one has patience for
  absl::Duration wait;  // before they may be made
};

// At least one call and at most `wanted`. FAILED_PRECONDITION names the foreign key when there is
// no such connector.
absl::StatusOr<Grant> TakeCalls(postgres::Connection& connection, const ConnectorKey& key,
                                const RateLimit& limit, int wanted, absl::Duration patience);
// How long calls are blocked; zero when they are not.
absl::StatusOr<absl::Duration> LoadBlock(postgres::Connection& connection, const ConnectorKey& key);
// Never shortens a block.
absl::Status BlockCalls(postgres::Connection& connection, const ConnectorKey& key,
                        absl::Duration duration);

}  // namespace penstock::connector::storage
