// Keeps Readiness true to what the service depends on: a writable database, a schema that is new
// enough, root keys that are this database's.
#pragma once

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/readiness.h"
#include "libs/postgres/pool.h"
#include "services/connector/keys/root_keyring.h"
#include "services/migrate/database_readiness.h"

namespace penstock::connector {

inline constexpr char kKeysCondition[] = "keys";

class ReadinessCheck {
 public:
  // All outlive the check.
  ReadinessCheck(postgres::Pool& pool, const RootKeyring& keys, lifecycle::Readiness& readiness,
                 const Clock& clock)
      : database_(pool, readiness, clock), pool_(pool), keys_(keys), readiness_(readiness) {}

  // A body for lifecycle::BackgroundLoop. OK whatever it finds: what is missing is told by /readyz,
  // and a loop that backs off would see late that it is back.
  absl::Status Run();

  // What a start fails for: root keys that are not this database's. Everything else may pass.
  const absl::Status& fatal() const { return fatal_; }

 private:
  void CheckKeys();

  migrate::DatabaseReadiness database_;
  postgres::Pool& pool_;
  const RootKeyring& keys_;
  lifecycle::Readiness& readiness_;
  bool keys_are_known_ = false;  // they stay: once is enough
  absl::Status fatal_;
};

}  // namespace penstock::connector
