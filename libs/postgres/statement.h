// A named query. Made from a .sql file by the pg_queries macro (bazel/postgres.bzl); prepared on first use on each connection. The
// name is also the key of its metric and log line.
#pragma once

namespace penstock::postgres {

struct Statement {
  const char* name;
  const char* sql;
};

// Transaction control as statements, for pipelines.
inline constexpr Statement kBegin{"begin", "BEGIN"};
inline constexpr Statement kCommit{"commit", "COMMIT"};
inline constexpr Statement kRollback{"rollback", "ROLLBACK"};

// $1 names and $2 values; $3 whether only until the end of the transaction.
inline constexpr Statement kApplySettings{
    "apply_settings", "SELECT set_config(name, value, $3) FROM unnest($1, $2) AS setting (name, value)"};

}  // namespace penstock::postgres
