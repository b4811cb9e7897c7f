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

}  // namespace penstock::postgres
