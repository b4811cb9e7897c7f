// Deciding what is due, across tenants: each is one transaction, after which it is recorded
// whatever happens to this process.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/postgres/pool.h"
#include "services/scheduler/storage/claims.h"

namespace penstock::scheduler {

// How long the engine's answer to a start may take before another scheduler tries, too. Longer than
// any call to the engine.
inline constexpr absl::Duration kLease = absl::Seconds(15);

// Decides about schedules that are due, at most `how_many`; what is to be started now comes back,
// leased.
absl::StatusOr<std::vector<storage::RunTask>> DecideDue(postgres::Pool& pool, int how_many);

// Runs that wait to be looked at: starts that were not answered, what had been buffered, running
// ones.
absl::StatusOr<std::vector<storage::RunTask>> WakeRuns(postgres::Pool& pool, int how_many);

}  // namespace penstock::scheduler
