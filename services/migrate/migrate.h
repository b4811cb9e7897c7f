// Brings a database to the newest schema, all at once or not at all.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/postgres/connection.h"
#include "services/migrate/migration.h"

namespace penstock::migrate {

enum class Mode {
  kApply,
  kDryRun,  // runs everything, then rolls it back: what passes here passes in earnest
};

struct Report {
  int from_version = 0;
  int to_version = 0;
  std::vector<std::string> applied;  // names, in order; empty when there was nothing to do
};

// Runs what is missing in one transaction under an advisory lock, so that of several at once one works and the others find it done. The
// connection is the owner's (penstock_owner). FAILED_PRECONDITION when the database was not made by these migrations: one was changed
// after it ran, is missing in between, or is not known here.
absl::StatusOr<Report> Migrate(postgres::Connection& connection,
                               const std::vector<Migration>& migrations, Mode mode = Mode::kApply);

// For services at start, on any of the roles. FAILED_PRECONDITION when the schema is older than `migrations`; a newer one is fine, because
// migrations keep what the release before needs.
absl::Status VerifySchemaVersion(postgres::Connection& connection,
                                 const std::vector<Migration>& migrations = EmbeddedMigrations());

}  // namespace penstock::migrate
