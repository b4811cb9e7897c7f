// A bounded pool of connections, and transactions as functions.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::postgres {

struct PoolOptions {
  std::string conninfo;
  Session session = Session::kOwn;
  // Connections are made when they are asked for. Those above min_connections are closed again when they were not needed for a while.
  int min_connections = 1;
  int max_connections = 10;
  absl::Duration acquire_timeout = absl::Seconds(5);
  absl::Duration idle_timeout = absl::Minutes(5);
};

// For whom a transaction runs: sets app.tenant_id, app.user_id and app.role locally, in the round trip of BEGIN. Row-level security
// shows a scope without a tenant no tenant's rows.
struct Scope {
  TenantId tenant = {};       // nil = none
  UserId user = {};           // nil = none
  std::string role = {};      // of the caller, for example "developer"
};

class Pool {
 public:
  // Does not connect yet: a service may start before its database and becomes ready later.
  static absl::StatusOr<std::unique_ptr<Pool>> Create(PoolOptions options);
  // All handles must be back.
  virtual ~Pool() = default;

  // A connection that goes back when the handle dies. One that is broken or still in a transaction is closed instead and replaced when
  // next needed. While the database is away Acquire tries again, with back-off, until the deadline; then it is UNAVAILABLE.
  // RESOURCE_EXHAUSTED (with RetryInfo) when all connections stay busy until the deadline. Callers are served in order.
  using Handle = std::unique_ptr<Connection, std::function<void(Connection*)>>;
  virtual absl::StatusOr<Handle> Acquire(absl::Time deadline) = 0;
  // With the deadline that acquire_timeout gives.
  absl::StatusOr<Handle> Acquire();

  // OK when a connection can write. UNAVAILABLE with reason READ_ONLY on a standby and the like; FAILED_PRECONDITION with reason SHARED_SESSION
  // when sessions that are to be ours alone turn out to be a transaction pooler's.
  virtual absl::Status CheckWritable(absl::Time deadline) = 0;
  absl::Status CheckWritable();

  virtual const PoolOptions& options() const = 0;

  struct Usage {
    int busy = 0;  // handed out, or being made
    int idle = 0;
    int waiting = 0;
  };
  virtual Usage usage() const = 0;
};

// Runs `body` in a transaction on behalf of `scope` and commits it if it returns OK. Re-runs it on serialization failures and
// deadlocks (up to 5 times, with back-off and jitter), so `body` has no effect but on the database. An in-doubt COMMIT is not repeated:
// it comes back as UNKNOWN with reason COMMIT_IN_DOUBT (libs/postgres/sqlstate.h).
absl::Status RunInTransaction(Pool& pool, const Scope& scope,
                              const std::function<absl::Status(Connection&)>& body);

// As above, with a value.
template <typename T>
absl::StatusOr<T> RunInTransactionReturning(Pool& pool, const Scope& scope,
                                            const std::function<absl::StatusOr<T>(Connection&)>& body) {
  absl::StatusOr<T> value = absl::UnknownError("not run");
  absl::Status status = RunInTransaction(pool, scope, [&](Connection& connection) {
    value = body(connection);
    return value.status();
  });
  if (!status.ok()) return status;
  return value;
}

}  // namespace penstock::postgres
