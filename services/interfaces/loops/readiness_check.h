// Keeps Readiness true to what the service depends on: a writable database, a schema that is new
// enough, an engine that serves.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/readiness.h"
#include "libs/postgres/pool.h"
#include "services/interfaces/engine_client/engine_client.h"
#include "services/migrate/database_readiness.h"

namespace penstock::interfaces {

inline constexpr char kEngineCondition[] = "engine";

class ReadinessCheck {
 public:
  // All outlive the check.
  ReadinessCheck(postgres::Pool& pool, const EngineClient& engine, lifecycle::Readiness& readiness,
                 const Clock& clock)
      : database_(pool, readiness, clock), engine_(engine), readiness_(readiness), clock_(clock) {}

  // A body for lifecycle::BackgroundLoop. OK whatever it finds: what is missing is told by /readyz,
  // and a loop that backs off would see late that it is back.
  absl::Status Run();

 private:
  migrate::DatabaseReadiness database_;
  const EngineClient& engine_;
  lifecycle::Readiness& readiness_;
  const Clock& clock_;
};

}  // namespace penstock::interfaces
