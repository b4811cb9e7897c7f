// One connection to PostgreSQL, used by one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/params.h"

struct pg_conn;
struct pg_result;

namespace penstock::postgres {

// A named query. Made from a .sql file by the pg_queries macro (bazel/postgres.bzl); prepared on first use on each connection.
// The name is also the key of its metric and log line.
struct Statement {
  const char* name;
  const char* sql;
};

// Rows of one statement, in binary format. Columns by position, from 0.
class Result {
 public:
  explicit Result(pg_result* result);

  int rows() const;
  // Rows that an INSERT, UPDATE or DELETE touched.
  int64_t affected_rows() const;
  bool is_null(int row, int column) const;

  // T is bool, int32_t, int64_t, double, std::string, std::string_view (both text, json, jsonb, bytea; the view lives as long as
  // the Result), Uuid, absl::Time, std::vector<std::string> (text[]), std::vector<Uuid> (uuid[]), a TypedId, or std::optional of
  // one of these for a column that may be NULL. A type that does not fit the column is a programmer error and aborts.
  template <typename T>
  T Get(int row, int column) const;

 private:
  std::shared_ptr<pg_result> result_;
};

class Connection {
 public:
  // `conninfo` as libpq takes it (URL or key/value). Sets application_name, UTC, and statement_timeout 0.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& conninfo,
                                                          absl::Duration timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one statement and waits.
  absl::StatusOr<Result> Execute(const Statement& statement, const Params& params = {});

  // Runs SQL text of our own making, several statements allowed, no parameters; for migrations and transaction control.
  absl::Status ExecuteScript(const std::string& sql);

  // False once the connection broke; it never heals (the pool replaces it).
  bool healthy() const;

  // Breaks a statement that another thread is waiting in; safe from any thread.
  void Cancel();

  pg_conn* raw() { return connection_; }

 private:
  friend class Pipeline;
  explicit Connection(pg_conn* connection);
  pg_conn* connection_;
  struct Prepared;
  std::unique_ptr<Prepared> prepared_;
};

// Several statements sent together and answered together: one round trip. All or nothing only inside a transaction that the
// pipeline itself contains: after a failure the rest is skipped and the first error is returned.
//
//   Pipeline pipeline(connection);
//   pipeline.Add(kBegin); pipeline.Add(kInsertRows, params); pipeline.Add(kCommit);
//   ASSIGN_OR_RETURN(std::vector<Result> results, pipeline.Run());
class Pipeline {
 public:
  explicit Pipeline(Connection& connection);
  void Add(const Statement& statement, Params params = {});
  // Results in the order added. When a transaction inside failed it has been rolled back before this returns. An error after COMMIT
  // was sent and before its answer came has reason "COMMIT_IN_DOUBT" (libs/status/details.h).
  absl::StatusOr<std::vector<Result>> Run();

 private:
  struct Item {
    Statement statement;
    Params params;
  };
  Connection& connection_;
  std::vector<Item> items_;
};

// Transaction control as statements, for pipelines.
inline constexpr Statement kBegin{"begin", "BEGIN"};
inline constexpr Statement kCommit{"commit", "COMMIT"};
inline constexpr Statement kRollback{"rollback", "ROLLBACK"};

}  // namespace penstock::postgres
