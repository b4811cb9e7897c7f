// The conditions of a service's readiness that are about its database: it can be written to, and
// its schema is new enough.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/readiness.h"
#include "libs/postgres/pool.h"

namespace penstock::migrate {

class DatabaseReadiness {
 public:
  static constexpr char kDatabase[] = "database";
  static constexpr char kSchema[] = "schema";

  // All outlive this.
  DatabaseReadiness(postgres::Pool& pool, lifecycle::Readiness& readiness, const Clock& clock)
      : pool_(pool), readiness_(readiness), clock_(clock) {}

  // Looks, and tells Readiness what it found. Whether both hold; waits two seconds at most for each.
  bool Check();

 private:
  absl::Status CheckSchema();

  postgres::Pool& pool_;
  lifecycle::Readiness& readiness_;
  const Clock& clock_;
  bool schema_is_known_ = false;  // a schema only gets newer: once is enough
};

}  // namespace penstock::migrate
