#include <algorithm>

#include "absl/time/clock.h"
#include "libs/postgres/backoff.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/set_scope.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::postgres {
namespace {

constexpr int kMaxAttempts = 5;
constexpr absl::Duration kFirstBackoff = absl::Milliseconds(2);
constexpr absl::Duration kMaxBackoff = absl::Milliseconds(100);

absl::Status Begin(Connection& connection, const Scope& scope) {
  Pipeline pipeline;
  pipeline.Add(kBegin);
  AddScope(pipeline, scope);
  return pipeline.Run(connection).status();
}

// A connection that died while idle shows only when it is used. Nothing has run on it, so another
// one may be tried.
absl::StatusOr<Pool::Handle> BeginOnLiveConnection(Pool& pool, const Scope& scope) {
  absl::Time deadline = absl::Now() + pool.options().acquire_timeout;
  while (true) {
    ASSIGN_OR_RETURN(Pool::Handle connection, pool.Acquire(deadline));
    absl::Status begun = Begin(*connection, scope);
    if (begun.ok()) return connection;
    if (!absl::IsUnavailable(begun) || absl::Now() >= deadline) return begun;
  }
}

absl::Status RunOnce(Pool& pool, const Scope& scope,
                     const std::function<absl::Status(Connection&)>& body) {
  ASSIGN_OR_RETURN(Pool::Handle connection, BeginOnLiveConnection(pool, scope));
  absl::Status status = body(*connection);
  if (status.ok()) return connection->Execute(kCommit).status();
  // When this fails, too, the pool closes the connection, which rolls back as well.
  if (connection->healthy()) (void)connection->Execute(kRollback);
  return status;
}

}  // namespace

absl::Status RunInTransaction(Pool& pool, const Scope& scope,
                              const std::function<absl::Status(Connection&)>& body) {
  Backoff backoff(kFirstBackoff, kMaxBackoff);
  while (true) {
    absl::Status status = RunOnce(pool, scope, body);
    if (!IsRetryableConflict(status) || backoff.failures() + 1 >= kMaxAttempts) return status;
    absl::SleepFor(backoff.Next());
  }
}

}  // namespace penstock::postgres
