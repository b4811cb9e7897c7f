// Runs that are long over, across tenants, and dropping them.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler::storage {

struct OldRuns {
  std::map<TenantId, std::vector<ScheduleId>> schedules;  // each once
  // All that were over up to here are among them.
  absl::Time until = absl::InfinitePast();
};
// Schedules with runs that were over after `since` and longer than `age` ago, the oldest first:
// those of about `how_many` runs.
absl::StatusOr<OldRuns> FindOldRuns(postgres::Connection& connection, absl::Time since,
                                    absl::Duration age, int how_many);

struct Keep {
  absl::Duration age;  // what was over since stays
  int latest = 0;      // of each schedule, however old
};
// At most `limit` runs of these schedules, whose rows stay locked; how many were dropped. Open runs
// stay, and everything of a schedule that is being backfilled.
absl::StatusOr<int64_t> DropOldRuns(postgres::Connection& connection, TenantId tenant,
                                    const std::vector<ScheduleId>& schedules, const Keep& keep,
                                    int limit);

}  // namespace penstock::scheduler::storage
