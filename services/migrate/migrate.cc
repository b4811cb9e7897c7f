#include "services/migrate/migrate.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::migrate {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Statement;

constexpr Statement kLock{"lock_migrations", "SELECT pg_advisory_xact_lock(7301)"};
constexpr Statement kHasHistory{
    "has_history", "SELECT to_regclass('public.schema_migrations') IS NOT NULL"};
constexpr Statement kReadHistory{
    "read_history", "SELECT version, name, sha256 FROM public.schema_migrations ORDER BY version"};
constexpr Statement kRecord{
    "record_migration", "INSERT INTO public.schema_migrations (version, name, sha256) VALUES ($1, $2, $3)"};
constexpr Statement kReadVersion{
    "read_version", "SELECT coalesce(max(version), 0) FROM public.schema_migrations"};

// Readable by the services' roles, for VerifySchemaVersion. They are made before the first migration (see bootstrap/roles.h).
constexpr char kCreateHistory[] = R"sql(
CREATE TABLE public.schema_migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON public.schema_migrations TO penstock_admin, penstock_server, penstock_engine;
)sql";

struct Applied {
  int version;
  std::string name;
  std::string sha256;
};

absl::StatusOr<std::vector<Applied>> ReadHistory(Connection& connection) {
  ASSIGN_OR_RETURN(Result exists, connection.Execute(kHasHistory));
  if (!exists.Get<bool>(0, 0)) {
    RETURN_IF_ERROR(connection.ExecuteScript(kCreateHistory));
    return std::vector<Applied>();
  }
  ASSIGN_OR_RETURN(Result rows, connection.Execute(kReadHistory));
  std::vector<Applied> history;
  for (int row = 0; row < rows.rows(); ++row) {
    history.push_back({rows.Get<int32_t>(row, 0), rows.Get<std::string>(row, 1),
                       rows.Get<std::string>(row, 2)});
  }
  return history;
}

absl::Status Refuse(std::string_view reason, std::string message) {
  return WithReason(absl::FailedPreconditionError(message), reason);
}

absl::Status CheckNumbers(const std::vector<Migration>& migrations) {
  for (size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version == static_cast<int>(i) + 1) continue;
    return Refuse("MIGRATIONS_MISNUMBERED",
                  fmt::format("migration {} is in place {}: numbers begin at 1 and have no gaps",
                              migrations[i].name, i + 1));
  }
  return absl::OkStatus();
}

// The database's history must be the beginning of ours.
absl::Status CheckHistory(const std::vector<Applied>& history,
                          const std::vector<Migration>& migrations) {
  for (size_t i = 0; i < history.size(); ++i) {
    const Applied& applied = history[i];
    if (i >= migrations.size()) {
      return Refuse("SCHEMA_NEWER",
                    fmt::format("the database has migration {}, which this program does not know: its "
                                "newest is {}; use the newer penstock-migrate",
                                applied.name, migrations.empty() ? "none" : migrations.back().name));
    }
    const Migration& ours = migrations[i];
    if (applied.version != ours.version) {
      return Refuse("MIGRATION_MISSING",
                    fmt::format("the database has {} but not {}, which comes before it", applied.name,
                                ours.name));
    }
    if (applied.name != ours.name) {
      return Refuse("MIGRATION_FOREIGN",
                    fmt::format("migration {} of the database is {}, and of this program {}",
                                applied.version, applied.name, ours.name));
    }
    if (applied.sha256 != ours.sha256) {
      return Refuse("MIGRATION_CHANGED",
                    fmt::format("{} was changed after it was applied: its SHA-256 was {} and is now {}; "
                                "restore it and make the change in a new migration",
                                ours.name, applied.sha256, ours.sha256));
    }
  }
  return absl::OkStatus();
}

absl::Status ApplyOne(Connection& connection, const Migration& migration) {
  absl::Status ran = connection.ExecuteScript(std::string(migration.sql));
  if (!ran.ok()) return WithContext(ran, migration.name);
  if (!connection.in_transaction()) {
    return Refuse("MIGRATION_ENDS_TRANSACTION",
                  fmt::format("{} ends the transaction it runs in; take its COMMIT or ROLLBACK out",
                              migration.name));
  }
  return connection
      .Execute(kRecord, Params().Add(migration.version).Add(migration.name).Add(migration.sha256))
      .status();
}

absl::StatusOr<Report> MigrateInTransaction(Connection& connection,
                                            const std::vector<Migration>& migrations) {
  RETURN_IF_ERROR(connection.Execute(kLock).status());
  ASSIGN_OR_RETURN(std::vector<Applied> history, ReadHistory(connection));
  RETURN_IF_ERROR(CheckHistory(history, migrations));
  Report report;
  report.from_version = static_cast<int>(history.size());
  report.to_version = static_cast<int>(migrations.size());
  for (size_t i = history.size(); i < migrations.size(); ++i) {
    RETURN_IF_ERROR(ApplyOne(connection, migrations[i]));
    report.applied.emplace_back(migrations[i].name);
  }
  return report;
}

}  // namespace

absl::StatusOr<Report> Migrate(Connection& connection, const std::vector<Migration>& migrations,
                               Mode mode) {
  RETURN_IF_ERROR(CheckNumbers(migrations));
  RETURN_IF_ERROR(connection.Execute(postgres::kBegin).status());
  absl::StatusOr<Report> report = MigrateInTransaction(connection, migrations);
  const bool commit = report.ok() && mode == Mode::kApply;
  absl::Status ended =
      connection.Execute(commit ? postgres::kCommit : postgres::kRollback).status();
  if (!report.ok()) return report;
  RETURN_IF_ERROR(ended);
  return report;
}

absl::Status VerifySchemaVersion(Connection& connection,
                                 const std::vector<Migration>& migrations) {
  const int wanted = static_cast<int>(migrations.size());
  int found = 0;
  ASSIGN_OR_RETURN(Result exists, connection.Execute(kHasHistory));
  if (exists.Get<bool>(0, 0)) {
    ASSIGN_OR_RETURN(Result version, connection.Execute(kReadVersion));
    found = version.Get<int32_t>(0, 0);
  }
  if (found >= wanted) return absl::OkStatus();
  return Refuse("SCHEMA_OLDER", fmt::format("the database's schema has version {} and this program needs "
                                            "{}; run penstock-migrate",
                                            found, wanted));
}

}  // namespace penstock::migrate
