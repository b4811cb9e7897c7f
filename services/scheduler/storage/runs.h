// What became of the instants of schedules. The transaction runs for the tenant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/params.h"
#include "services/scheduler/domain/decision.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler::storage {

absl::StatusOr<ScheduleRun> LoadRun(postgres::Connection& connection, TenantId tenant,
                                    ScheduleId schedule, absl::Time nominal);
absl::StatusOr<std::vector<ScheduleRun>> ListRuns(postgres::Connection& connection, TenantId tenant,
                                                  ScheduleId schedule,
                                                  std::optional<RunState> state,
                                                  std::optional<absl::Time> before, int limit);
// Up to paging::kMaxCounted + 1.
absl::StatusOr<int64_t> CountRuns(postgres::Connection& connection, TenantId tenant,
                                  ScheduleId schedule, std::optional<RunState> state);

// A run that has not ended.
struct OpenRun {
  ScheduleId schedule;
  absl::Time nominal;
  RunState state;
  absl::Time checked_at;  // when the engine was last asked; before all time if never
};
std::vector<OpenRun> ReadOpenRuns(const postgres::Result& rows);  // of load_open_runs.sql
absl::StatusOr<std::vector<OpenRun>> LoadOpenRuns(postgres::Connection& connection, TenantId tenant,
                                                  const std::vector<ScheduleId>& schedules);

// A decided run, with what its schedule gives it.
struct RunToInsert {
  ScheduleId schedule = {};
  NewRun run = {};
  Origin origin = Origin::kSchedule;
  Overlap overlap = Overlap::kSkip;
  std::string input = "null";  // JSON
};
struct InsertedRun {
  ScheduleId schedule;
  absl::Time nominal;
  RunState state;
};
// An instant that has a row keeps it, but for one that was skipped and is run by a backfill. Those
// to start are due at once, for whoever claims them first.
absl::Status InsertRuns(postgres::Connection& connection, TenantId tenant,
                        const std::vector<RunToInsert>& runs);
// The same by its parts, insert_runs.sql, for those who send more with it. The rows that are new
// come back; those to start are leased to the caller for `lease`: when it has not recorded what
// became of them by then, another one tries.
postgres::Params ToParams(TenantId tenant, const std::vector<RunToInsert>& runs,
                          absl::Duration lease);
std::vector<InsertedRun> ReadInserted(const postgres::Result& rows);

// The open runs that were started, or decided to be, are to be ended so. Nothing for kNone.
absl::Status StopStarted(postgres::Connection& connection, TenantId tenant,
                         const std::vector<ScheduleId>& schedules, Stop how);
absl::Status SkipBuffered(postgres::Connection& connection, TenantId tenant,
                          const std::vector<ScheduleId>& schedules, const char* reason);

postgres::Array<Uuid> ArrayOf(const std::vector<ScheduleId>& ids);

}  // namespace penstock::scheduler::storage
