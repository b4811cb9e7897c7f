// Keeps Readiness true to what the service depends on: a writable database, a schema that is new
// enough, root keys that are this database's.
#pragma once

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/readiness.h"
#include "libs/postgres/pool.h"
#include "services/connector/keys/root_keyring.h"

namespace penstock::connector {

inline constexpr char kDatabaseCondition[] = "database";
inline constexpr char kSchemaCondition[] = "schema";
inline constexpr char kKeysCondition[] = "keys";

class ReadinessCheck {
 public:
  // All outlive the check.
  ReadinessCheck(postgres::Pool& pool, const RootKeyring& keys, lifecycle::Readiness& readiness,
                 const Clock& clock)
      : pool_(pool), keys_(keys), readiness_(readiness), clock_(clock) {}

  // A body for lifecycle::BackgroundLoop. OK whatever it finds: what is missing is told by /readyz,
  // and a loop that backs off would see late that it is back.
  absl::Status Run();

  // What a start fails for: root keys that are not this database's. Everything else may pass.
  const absl::Status& fatal() const { return fatal_; }

 private:
  absl::Status CheckSchema();
  void CheckKeys();

  postgres::Pool& pool_;
  const RootKeyring& keys_;
  lifecycle::Readiness& readiness_;
  const Clock& clock_;
  // Both only get better: once is enough.
  bool schema_is_known_ = false, keys_are_known_ = false;
  absl::Status fatal_;
};

}  // namespace penstock::connector
