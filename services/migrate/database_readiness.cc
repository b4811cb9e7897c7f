#include "services/migrate/database_readiness.h"

#include "libs/status/macros.h"
#include "services/migrate/migrate.h"

namespace penstock::migrate {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

}  // namespace

bool DatabaseReadiness::Check() {
  const absl::Status database = pool_.CheckWritable(clock_.Now() + kTimeout);
  readiness_.Set(kDatabase, database);
  if (database.ok() && !schema_is_known_) {
    const absl::Status schema = CheckSchema();
    schema_is_known_ = schema.ok();
    readiness_.Set(kSchema, schema);
  }
  return database.ok() && schema_is_known_;
}

absl::Status DatabaseReadiness::CheckSchema() {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire(clock_.Now() + kTimeout));
  return VerifySchemaVersion(*connection);
}

}  // namespace penstock::migrate
