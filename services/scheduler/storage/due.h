// Schedules that are due, of all tenants, and what is decided about them. Claiming, loading and
// storing take a round trip each, however many tenants there are: the transaction begins for none
// and acts for each in turn.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "services/scheduler/domain/decision.h"
#include "services/scheduler/domain/schedule.h"
#include "services/scheduler/storage/runs.h"

namespace penstock::scheduler::storage {

struct DueOfTenant {
  TenantId tenant = {};
  std::vector<Schedule> schedules = {};
  std::vector<OpenRun> open = {};  // of all of them
};
struct Due {
  absl::Time now;  // the database's
  std::vector<DueOfTenant> tenants;
};
// Locked until the transaction ends.
absl::StatusOr<Due> ClaimDue(postgres::Connection& connection, int how_many);

struct DecidedSchedule {
  ScheduleId id;
  Decision decision;
};
struct DecidedOfTenant {
  TenantId tenant = {};
  std::vector<DecidedSchedule> schedules = {};
  std::vector<RunToInsert> runs = {};
  // Looked at again once the engine has been asked about their runs.
  std::vector<ScheduleId> to_ask_again = {};
  // Whose spec can't be read, and why.
  std::vector<std::pair<ScheduleId, std::string>> unreadable = {};
};
struct StoreTimes {
  absl::Duration lease;      // of the runs to be started
  absl::Duration ask_again;  // until those are looked at again
};
// The runs that are new come back, by tenant as given.
absl::StatusOr<std::vector<std::vector<InsertedRun>>> StoreDecisions(
    postgres::Connection& connection, const std::vector<DecidedOfTenant>& decided,
    const StoreTimes& times);

}  // namespace penstock::scheduler::storage
