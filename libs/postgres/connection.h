// One connection to PostgreSQL, used by one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/params.h"
#include "libs/postgres/result.h"
#include "libs/postgres/statement.h"

struct pg_conn;

namespace penstock::postgres {

class PreparedStatements;

// Whose the session on the server is while we are connected.
enum class Session {
  kOwn,     // ours alone: what we set and prepare stays until we go
  kShared,  // a pooler's, lent for one transaction: nothing stays but what the transaction wrote (docs/adr/0008-poolers.md)
};

// A server setting by its name in PostgreSQL: {"jit", "off"}.
struct SessionSetting {
  std::string name, value;
};

// Errors are made by sqlstate.h. A connection lost under a statement outside a transaction is UNAVAILABLE with reason
// CONNECTION_LOST, and whether the statement took effect is not known: what must not be repeated belongs in a transaction, where an
// answer missing for COMMIT is told apart (see Pipeline).
class Connection {
 public:
  // `conninfo` as libpq takes it (URL or key/value). Of several hosts the first that can write is taken, each tried for its share of
  // `timeout`. Sets application_name, UTC, statement_timeout 0, and `settings`. On a shared session statements are not kept prepared, and
  // settings hold in transactions only, which set them locally behind their BEGIN. UNAVAILABLE when the server can't be reached or does not
  // accept connections yet; no error holds a password.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& conninfo,
                                                          absl::Duration timeout,
                                                          Session session = Session::kOwn,
                                                          std::vector<SessionSetting> settings = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one statement and waits. One round trip, the first time too.
  absl::StatusOr<Result> Execute(const Statement& statement, const Params& params = {});

  // Runs SQL text of our own making, several statements allowed, no parameters; for migrations and transaction control.
  absl::Status ExecuteScript(const std::string& sql);

  // False once the connection broke; it never heals (the pool replaces it).
  bool healthy() const;

  // Asks the socket, without a round trip, whether the server has gone while the connection was idle.
  bool CheckAlive();

  bool in_transaction() const;

  // Breaks a statement that another thread is waiting in; safe from any thread.
  void Cancel();

  pg_conn* raw() { return connection_; }

 private:
  friend class Pipeline;
  struct Call {
    Statement statement;
    const Params* params;
  };
  class Exchange;
  Connection(pg_conn* connection, Session session, const std::vector<SessionSetting>& settings);
  static absl::StatusOr<std::unique_ptr<Connection>> OpenOne(
      const std::map<std::string, std::string>& conninfo, absl::Time deadline, Session session,
      const std::vector<SessionSetting>& settings);
  absl::StatusOr<std::vector<Result>> Run(const std::vector<Call>& calls);

  pg_conn* connection_;
  const Session session_;
  const Params settings_;  // of the statement that sets them
  std::unique_ptr<PreparedStatements> prepared_;
  struct Canceller;
  std::unique_ptr<Canceller> canceller_;
  enum class Condition {
    kGood,
    kStale,   // works, but the server and we no longer agree about prepared statements: not worth keeping
    kBroken,  // of no use
  };
  Condition condition_ = Condition::kGood;
};

// Several statements sent together and answered together: one round trip. After a failure the rest is skipped and the first error is
// returned. All or nothing only inside a transaction, which may be the pipeline's own:
//
//   Pipeline pipeline;
//   pipeline.Add(kBegin); pipeline.Add(kInsertRows, std::move(params)); pipeline.Add(kCommit);
//   ASSIGN_OR_RETURN(std::vector<Result> results, pipeline.Run(connection));
class Pipeline {
 public:
  void Add(const Statement& statement, Params params = {}) {
    items_.push_back({statement, std::move(params)});
  }
  // Results in the order added; the pipeline can be run again. When a transaction begun inside failed it has been rolled back
  // before this returns. When the connection is lost after COMMIT was sent and before its answer came, the error is UNKNOWN with
  // reason COMMIT_IN_DOUBT.
  absl::StatusOr<std::vector<Result>> Run(Connection& connection) const;

 private:
  struct Item {
    Statement statement;
    Params params;
  };
  std::vector<Item> items_;
};

}  // namespace penstock::postgres
