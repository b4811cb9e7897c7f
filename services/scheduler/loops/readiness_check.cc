#include "services/scheduler/loops/readiness_check.h"

#include "libs/status/macros.h"
#include "services/migrate/migrate.h"

namespace penstock::scheduler {
namespace {

constexpr absl::Duration kEngineTimeout = absl::Seconds(1);
constexpr absl::Duration kDatabaseTimeout = absl::Seconds(2);

}  // namespace

absl::Status ReadinessCheck::Run() {
  readiness_.Set(kDatabaseCondition, pool_.CheckWritable());
  if (!schema_is_known_) {
    const absl::Status schema = CheckSchema();
    schema_is_known_ = schema.ok();
    readiness_.Set(kSchemaCondition, schema);
  }
  readiness_.Set(kEngineCondition, engine_.CheckHealth(clock_.Now() + kEngineTimeout));
  return absl::OkStatus();
}

absl::Status ReadinessCheck::CheckSchema() {
  ASSIGN_OR_RETURN(postgres::Pool::Handle connection,
                   pool_.Acquire(clock_.Now() + kDatabaseTimeout));
  return migrate::VerifySchemaVersion(*connection);
}

}  // namespace penstock::scheduler
