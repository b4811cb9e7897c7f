// Runs that somebody must look at, across tenants, and recording what became of them. A transaction
// here begins for no tenant and acts for each in turn: which tenants have something due is told by
// functions that look past row-level security (services/migrate/migrations, "Whose turn it is"),
// everything else is under it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "services/scheduler/domain/decision.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler::storage {

// The rest of the transaction runs for this tenant.
absl::Status ActFor(postgres::Connection& connection, TenantId tenant);

// When something is next due, of each kind; nothing when there is none.
struct NextDue {
  absl::Time now;  // the database's
  std::optional<absl::Time> schedule, run, backfill;
};
absl::StatusOr<NextDue> FindNextDue(postgres::Connection& connection);

// A run that somebody must look at.
struct RunTask {
  TenantId tenant = {};
  ScheduleId schedule = {};
  absl::Time nominal = {};
  RunState state = RunState::kPending;  // or running
  Stop stop = Stop::kNone;
  std::optional<ExecutionId> execution = {};
  std::string input = {};
  int attempts = 0;
  absl::Time due = {};
  WorkflowId workflow = {};
  std::string node_id = {};
  // How long it has been going on.
  absl::Duration age = {};
};
// Leases them for `lease`.
absl::StatusOr<std::vector<RunTask>> ClaimRuns(postgres::Connection& connection, int how_many,
                                               absl::Duration lease);

// What came of a task.
struct RunResult {
  TenantId tenant = {};
  ScheduleId schedule = {};
  absl::Time nominal = {};
  RunState state = RunState::kPending;
  std::optional<ExecutionId> execution = {};
  std::optional<absl::Time> started_at = {}, ended_at = {};
  std::string reason = {}, note = {};
  // Of one that is still open: when to look again.
  absl::Duration delay = {};
  // Whether the engine said so, or nobody.
  bool is_answer = true;
};
// All in one transaction, which begins for no tenant. What has ended lets what waits for it go on,
// and pauses schedules that are to pause on failure. How many go on.
absl::StatusOr<int64_t> RecordResults(postgres::Connection& connection,
                                      const std::vector<RunResult>& results);

}  // namespace penstock::scheduler::storage
