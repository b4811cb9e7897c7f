// What must hold in the database after the storm.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "tests/chaos/acknowledged.h"

namespace penstock::chaos {

struct Verdict {
  int64_t executions = 0;
  std::vector<std::string> violations;  // empty when every promise was kept
};

// Waits until nothing is open any more (work that is still open after `patience` is a violation),
// then checks every promise.
absl::StatusOr<Verdict> Judge(postgres::Connection& database, const Acknowledged& acknowledged,
                              absl::Duration patience);

}  // namespace penstock::chaos
