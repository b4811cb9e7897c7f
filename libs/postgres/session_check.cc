#include "libs/postgres/session_check.h"

#include <libpq-fe.h>

#include <memory>

#include "absl/strings/numbers.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::postgres {
namespace {

// A pooler hands out the session it got back last, so the first round tells unless others came in between.
constexpr int kRounds = 5;

using OwnedResult = std::unique_ptr<PGresult, void (*)(PGresult*)>;

// Which server process answers now. Without preparing anything, which is what would not work.
absl::StatusOr<int> BackendOf(Connection& connection) {
  OwnedResult result(PQexec(connection.raw(), "SELECT pg_backend_pid()"), PQclear);
  int pid = 0;
  if (PQntuples(result.get()) != 1 || !absl::SimpleAtoi(PQgetvalue(result.get(), 0, 0), &pid)) {
    return absl::UnavailableError("the database does not say which of its processes answers");
  }
  return pid;
}

// True when `connection` was seen moving to another session, or on one that `other` has now.
absl::StatusOr<bool> SharesWith(Connection& connection, Connection& other) {
  ASSIGN_OR_RETURN(const int before, BackendOf(connection));
  RETURN_IF_ERROR(other.ExecuteScript(kBegin.sql));
  ASSIGN_OR_RETURN(const int others, BackendOf(other));
  ASSIGN_OR_RETURN(const int now, BackendOf(connection));
  RETURN_IF_ERROR(other.ExecuteScript(kRollback.sql));
  return others == before || now != before;
}

}  // namespace

absl::Status CheckSessionIsOwn(Connection& connection, const std::string& conninfo, absl::Duration connect_timeout) {
  ASSIGN_OR_RETURN(const int backend, BackendOf(connection));
  // Who connects directly is told the process's number by the process itself.
  if (backend == PQbackendPID(connection.raw())) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> other, Connection::Open(conninfo, connect_timeout, Session::kShared));
  for (int round = 0; round < kRounds; ++round) {
    ASSIGN_OR_RETURN(const bool shares, SharesWith(connection, *other));
    if (!shares) continue;
    return WithReason(absl::FailedPreconditionError("a pooler in transaction mode is between us and the database: set DB_POOLER=transaction, or "
                                                    "connect to the database itself"),
                      kSharedSession);
  }
  return absl::OkStatus();
}

}  // namespace penstock::postgres
