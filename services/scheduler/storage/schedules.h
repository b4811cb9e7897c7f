// Schedules of one tenant: the transaction runs for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/postgres/connection.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler::storage {

enum class Lock { kNone, kForChange };

// What tells a repeated call from another one; the id is empty for a call without one.
struct CreateRequest {
  std::string id = {};
  std::string hash = {};  // 32 bytes
};
struct EarlierRequest {
  ScheduleId schedule;
  std::string hash;
};

struct Filter {
  std::optional<WorkflowId> workflow = {};
  std::optional<Status> status = {};
  std::optional<ProjectId> project = {};
};

// From a row of the load_* and list_* queries.
Schedule ReadSchedule(const postgres::Result& rows, int row);

// The database's time, at which the transaction began.
absl::StatusOr<absl::Time> Now(postgres::Connection& connection);

// Nothing when the tenant has no such workflow.
absl::StatusOr<std::optional<ProjectId>> FindProject(postgres::Connection& connection,
                                                     TenantId tenant, WorkflowId workflow);

// ALREADY_EXISTS names the constraint "scheduled_events_request_id_unique".
absl::Status InsertSchedule(postgres::Connection& connection, const Schedule& schedule,
                            const CreateRequest& request);
absl::StatusOr<std::optional<EarlierRequest>> FindByRequest(postgres::Connection& connection,
                                                            TenantId tenant,
                                                            const std::string& request_id);
// NOT_FOUND when the tenant has no such schedule.
absl::StatusOr<Schedule> LoadSchedule(postgres::Connection& connection, TenantId tenant,
                                      ScheduleId id, Lock lock);
absl::StatusOr<std::vector<Schedule>> ListSchedules(postgres::Connection& connection,
                                                    TenantId tenant, const Filter& filter,
                                                    std::optional<ScheduleId> before, int limit);
// Up to paging::kMaxCounted + 1.
absl::StatusOr<int64_t> CountSchedules(postgres::Connection& connection, TenantId tenant,
                                       const Filter& filter);
// Everything but id, workflow and times of the row; raises the revision.
absl::Status UpdateSchedule(postgres::Connection& connection, const Schedule& schedule);
// Records what is due and undecided: new rules would not find it.
absl::Status NoteReplaced(postgres::Connection& connection, TenantId tenant, ScheduleId id);
absl::Status DeleteSchedule(postgres::Connection& connection, TenantId tenant, ScheduleId id);

}  // namespace penstock::scheduler::storage
