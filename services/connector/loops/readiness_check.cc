#include "services/connector/loops/readiness_check.h"

#include "libs/status/macros.h"
#include "services/connector/keys/root_key_check.h"
#include "services/migrate/migrate.h"

namespace penstock::connector {
namespace {

constexpr absl::Duration kDatabaseTimeout = absl::Seconds(2);

}  // namespace

absl::Status ReadinessCheck::Run() {
  const absl::Status database = pool_.CheckWritable(clock_.Now() + kDatabaseTimeout);
  readiness_.Set(kDatabaseCondition, database);
  if (!database.ok()) return absl::OkStatus();
  if (!schema_is_known_) {
    const absl::Status schema = CheckSchema();
    schema_is_known_ = schema.ok();
    readiness_.Set(kSchemaCondition, schema);
  }
  if (schema_is_known_ && !keys_are_known_) CheckKeys();
  return absl::OkStatus();
}

void ReadinessCheck::CheckKeys() {
  const absl::Status keys = CheckRootKeys(pool_, keys_);
  keys_are_known_ = keys.ok();
  if (absl::IsFailedPrecondition(keys)) fatal_ = keys;
  readiness_.Set(kKeysCondition, keys);
}

absl::Status ReadinessCheck::CheckSchema() {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection,
                   pool_.Acquire(clock_.Now() + kDatabaseTimeout));
  return migrate::VerifySchemaVersion(*connection);
}

}  // namespace penstock::connector
