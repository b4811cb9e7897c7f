#include "services/scheduler/storage/schedules.h"

#include "fmt/format.h"
#include "libs/paging/paging.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/storage/queries.h"

namespace penstock::scheduler::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

std::optional<absl::Duration> SecondsFrom(std::optional<int64_t> seconds) {
  return seconds ? std::optional(absl::Seconds(*seconds)) : std::nullopt;
}

std::optional<int64_t> SecondsOf(std::optional<absl::Duration> duration) {
  return duration ? std::optional(absl::ToInt64Seconds(*duration)) : std::nullopt;
}

std::optional<int32_t> NumberOf(std::optional<int> number) {
  return number ? std::optional(int32_t{*number}) : std::nullopt;
}

void AddFilter(Params& params, const Filter& filter) {
  params.Add(filter.workflow)
      .Add(filter.status ? std::optional(Name(*filter.status)) : std::nullopt)
      .Add(filter.project);
}

}  // namespace

Schedule ReadSchedule(const Result& rows, int r) {
  return {.tenant = rows.Get<TenantId>(r, 0),
          .id = rows.Get<ScheduleId>(r, 1),
          .workflow = rows.Get<WorkflowId>(r, 2),
          .project = rows.Get<ProjectId>(r, 3),
          .node_id = rows.Get<std::string>(r, 4),
          .name = rows.Get<std::string>(r, 5),
          .spec = rows.Get<std::string>(r, 6),
          .overlap = FromName<Overlap>(rows.Get<std::string>(r, 7)).value_or(Overlap::kSkip),
          .catch_up = FromName<CatchUp>(rows.Get<std::string>(r, 8)).value_or(CatchUp::kLast),
          .catch_up_window = SecondsFrom(rows.Get<std::optional<int64_t>>(r, 9)),
          .pause_on_failure = rows.Get<bool>(r, 10),
          .remaining_runs = rows.Get<std::optional<int32_t>>(r, 11),
          .data = rows.Get<std::string>(r, 12),
          .metadata = rows.Get<std::string>(r, 13),
          .status = FromName<Status>(rows.Get<std::string>(r, 14)).value_or(Status::kPaused),
          .paused_by = rows.Get<std::string>(r, 15),
          .note = rows.Get<std::string>(r, 16),
          .decided_until = rows.Get<absl::Time>(r, 17),
          .skip_until = rows.Get<std::optional<absl::Time>>(r, 18),
          .skip_reason = rows.Get<std::string>(r, 19),
          .next_nominal = rows.Get<std::optional<absl::Time>>(r, 20),
          .next_run = rows.Get<std::optional<absl::Time>>(r, 21),
          .last_run = rows.Get<std::optional<absl::Time>>(r, 22),
          .revision = rows.Get<int64_t>(r, 23),
          .created_at = rows.Get<absl::Time>(r, 24),
          .updated_at = rows.Get<absl::Time>(r, 25),
          .forgotten_until = rows.Get<std::optional<absl::Time>>(r, 26)};
}

absl::StatusOr<absl::Time> Now(Connection& connection) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kReadNow));
  return row.Get<absl::Time>(0, 0);
}

absl::StatusOr<std::optional<ProjectId>> FindProject(Connection& connection, TenantId tenant,
                                                     WorkflowId workflow) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kFindProject, Params().Add(tenant).Add(workflow)));
  if (rows.rows() == 0) return std::optional<ProjectId>();
  return std::optional(rows.Get<ProjectId>(0, 0));
}

absl::Status InsertSchedule(Connection& connection, const Schedule& schedule,
                            const CreateRequest& request) {
  std::optional<postgres::Bytes> hash;
  if (!request.id.empty()) hash = postgres::Bytes{request.hash};
  return connection
      .Execute(kInsertSchedule, Params()
                                    .Add(schedule.tenant)
                                    .Add(schedule.id)
                                    .Add(schedule.workflow)
                                    .Add(schedule.project)
                                    .Add(schedule.name)
                                    .Add(postgres::Jsonb{schedule.spec})
                                    .Add(Name(schedule.overlap))
                                    .Add(Name(schedule.catch_up))
                                    .Add(SecondsOf(schedule.catch_up_window))
                                    .Add(schedule.pause_on_failure)
                                    .Add(NumberOf(schedule.remaining_runs))
                                    .Add(postgres::Json{schedule.data})
                                    .Add(postgres::Jsonb{schedule.metadata})
                                    .Add(Name(schedule.status))
                                    .Add(schedule.decided_until)
                                    .Add(schedule.next_nominal)
                                    .Add(schedule.next_run)
                                    .Add(request.id)
                                    .Add(hash))
      .status();
}

absl::StatusOr<std::optional<EarlierRequest>> FindByRequest(Connection& connection, TenantId tenant,
                                                            const std::string& request_id) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kFindScheduleByRequest,
                                                         Params().Add(tenant).Add(request_id)));
  if (rows.rows() == 0) return std::optional<EarlierRequest>();
  return std::optional<EarlierRequest>({rows.Get<ScheduleId>(0, 0), rows.Get<std::string>(0, 1)});
}

absl::StatusOr<Schedule> LoadSchedule(Connection& connection, TenantId tenant, ScheduleId id,
                                      Lock lock) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(lock == Lock::kNone ? kLoadSchedule : kLockSchedule,
                                      Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return absl::NotFoundError(fmt::format("no schedule {}", id.ToString()));
  return ReadSchedule(rows, 0);
}

absl::StatusOr<std::vector<Schedule>> ListSchedules(Connection& connection, TenantId tenant,
                                                    const Filter& filter,
                                                    std::optional<ScheduleId> before, int limit) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kListSchedules, params.Add(before).Add(int64_t{limit})));
  std::vector<Schedule> schedules;
  for (int r = 0; r < rows.rows(); ++r) schedules.push_back(ReadSchedule(rows, r));
  return schedules;
}

absl::StatusOr<int64_t> CountSchedules(Connection& connection, TenantId tenant,
                                       const Filter& filter) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(
      const Result row,
      connection.Execute(kCountSchedules, params.Add(int64_t{paging::kMaxCounted + 1})));
  return row.Get<int64_t>(0, 0);
}

absl::Status UpdateSchedule(Connection& connection, const Schedule& schedule) {
  return connection
      .Execute(kUpdateSchedule, Params()
                                    .Add(schedule.tenant)
                                    .Add(schedule.id)
                                    .Add(schedule.name)
                                    .Add(postgres::Jsonb{schedule.spec})
                                    .Add(Name(schedule.overlap))
                                    .Add(Name(schedule.catch_up))
                                    .Add(SecondsOf(schedule.catch_up_window))
                                    .Add(schedule.pause_on_failure)
                                    .Add(NumberOf(schedule.remaining_runs))
                                    .Add(postgres::Json{schedule.data})
                                    .Add(postgres::Jsonb{schedule.metadata})
                                    .Add(Name(schedule.status))
                                    .Add(schedule.paused_by)
                                    .Add(schedule.note)
                                    .Add(schedule.decided_until)
                                    .Add(schedule.next_nominal)
                                    .Add(schedule.next_run)
                                    .Add(schedule.skip_until)
                                    .Add(schedule.skip_reason))
      .status();
}

absl::Status NoteReplaced(Connection& connection, TenantId tenant, ScheduleId id) {
  return connection.Execute(kNoteReplaced, Params().Add(tenant).Add(id)).status();
}

absl::Status DeleteSchedule(Connection& connection, TenantId tenant, ScheduleId id) {
  return connection.Execute(kDeleteSchedule, Params().Add(tenant).Add(id)).status();
}

}  // namespace penstock::scheduler::storage
