#include "services/scheduler/ops/schedules.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/hash.h"
#include "libs/paging/id_position.h"
#include "libs/recurrence/spec_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::scheduler {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;
using storage::Lock;

absl::StatusOr<std::string> ReadPosition(const ListRequest& request, const std::string& list) {
  return paging::ReadPageToken(request.page_token, list);
}

std::string ListName(const CallContext& caller, const ListRequest& request) {
  return fmt::format("schedules/{}/{}/{}", request.workflow ? request.workflow->ToString() : "",
                     request.status ? Name(*request.status) : "",
                     caller.project ? caller.project->ToString() : "");
}

absl::Status CheckCallersOwn(const Schedule& schedule) {
  if (schedule.node_id.empty()) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(fmt::format(
          "the trigger node \"{}\" declares this schedule: publish another version of its workflow",
          schedule.node_id)),
      kTriggerSchedule);
}

absl::Status CheckEtag(const Schedule& schedule, const std::string& etag) {
  if (etag.empty() || etag == EtagOf(schedule)) return absl::OkStatus();
  return WithReason(absl::AbortedError("the schedule has changed: read it again"), "ETAG_MISMATCH");
}

// Finds what is due next by rules that hold from now on.
absl::Status Plan(Schedule& schedule, const recurrence::Recurrence& recurrence, absl::Time now) {
  schedule.decided_until = std::max(schedule.decided_until, now);
  schedule.next_nominal = recurrence.Next(schedule.decided_until);
  if (!schedule.next_nominal) {
    return InvalidField("schedule.spec", "has no instant that is still to come");
  }
  schedule.next_run = recurrence.DueAt(*schedule.next_nominal, schedule.id.ToString());
  return absl::OkStatus();
}

storage::CreateRequest RequestOf(const NewSchedule& asked, const std::string& spec) {
  const std::string text = fmt::format(
      "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", asked.workflow.ToString(), asked.name, spec,
      Name(asked.overlap), Name(asked.catch_up),
      asked.catch_up_window ? absl::FormatDuration(*asked.catch_up_window) : "",
      asked.pause_on_failure, asked.remaining_runs.value_or(-1), asked.data, asked.metadata);
  return {asked.request_id, crypto::Sha256(text)};
}

// What an earlier call of this request id made, if there was one.
absl::StatusOr<std::optional<Schedule>> FindEarlier(Connection& connection,
                                                    const CallContext& caller,
                                                    const storage::CreateRequest& request) {
  if (request.id.empty()) return std::optional<Schedule>();
  ASSIGN_OR_RETURN(const auto earlier,
                   storage::FindByRequest(connection, caller.tenant, request.id));
  if (!earlier) return std::optional<Schedule>();
  if (earlier->hash != request.hash) {
    return WithReason(absl::AlreadyExistsError("request_id was used to create another schedule"),
                      "REQUEST_ID_REUSED");
  }
  ASSIGN_OR_RETURN(Schedule schedule,
                   FindSchedule(connection, caller, earlier->schedule, Lock::kNone));
  return std::optional<Schedule>(std::move(schedule));
}

absl::StatusOr<ProjectId> FindProject(Connection& connection, const CallContext& caller,
                                      WorkflowId workflow) {
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   storage::FindProject(connection, caller.tenant, workflow));
  if (!project || (caller.project && *caller.project != *project)) {
    return absl::NotFoundError(fmt::format("no workflow {}", workflow.ToString()));
  }
  return *project;
}

absl::Status ApplyChange(Connection& connection, const ScheduleChange& change, Schedule& schedule) {
  if (change.name) schedule.name = *change.name;
  if (change.data) schedule.data = *change.data;
  if (change.metadata) schedule.metadata = *change.metadata;
  if (change.overlap) schedule.overlap = *change.overlap;
  if (change.pause_on_failure) schedule.pause_on_failure = *change.pause_on_failure;
  if (change.catch_up) {
    schedule.catch_up = change.catch_up->mode;
    schedule.catch_up_window = change.catch_up->window;
  }
  if (change.limit) schedule.remaining_runs = change.limit->runs;
  if (!change.spec && !change.limit) return absl::OkStatus();
  if (change.spec) {
    RETURN_IF_ERROR(storage::NoteReplaced(connection, schedule.tenant, schedule.id));
    schedule.spec = recurrence::ToJson(*change.spec).dump();
  }
  if (schedule.status == Status::kPaused) return absl::OkStatus();
  // One that had come to its end goes on.
  if (schedule.status == Status::kActive && !change.spec) return absl::OkStatus();
  schedule.status = Status::kActive;
  ASSIGN_OR_RETURN(const recurrence::Recurrence recurrence,
                   RecurrenceOf(schedule.spec, "schedule.spec"));
  ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
  return Plan(schedule, recurrence, now);
}

// Loads, lets `change` change, stores and loads again.
template <typename Change>
absl::StatusOr<Schedule> Changed(const ScheduleContext& context, const CallContext& caller,
                                 ScheduleId id, Change change) {
  ASSIGN_OR_RETURN(
      Schedule changed,
      RunInTransactionReturning<Schedule>(
          context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Schedule> {
            ASSIGN_OR_RETURN(Schedule schedule,
                             FindSchedule(connection, caller, id, Lock::kForChange));
            RETURN_IF_ERROR(change(connection, schedule));
            RETURN_IF_ERROR(storage::UpdateSchedule(connection, schedule));
            return storage::LoadSchedule(connection, caller.tenant, id, Lock::kNone);
          }));
  context.wake();
  return changed;
}

}  // namespace

postgres::Scope ScopeOf(const CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

std::string EtagOf(const Schedule& schedule) { return fmt::format("{}", schedule.revision); }

absl::StatusOr<recurrence::Recurrence> RecurrenceOf(const std::string& spec,
                                                    std::string_view field) {
  const auto json = nlohmann::json::parse(spec, nullptr, /*allow_exceptions=*/false);
  ASSIGN_OR_RETURN(const recurrence::Spec read, recurrence::SpecFromJson(json, field));
  return recurrence::Recurrence::Create(read, field);
}

absl::StatusOr<Schedule> FindSchedule(Connection& connection, const CallContext& caller,
                                      ScheduleId id, Lock lock) {
  ASSIGN_OR_RETURN(Schedule schedule, storage::LoadSchedule(connection, caller.tenant, id, lock));
  if (caller.project && *caller.project != schedule.project) {
    return absl::NotFoundError(fmt::format("no schedule {}", id.ToString()));
  }
  return schedule;
}

absl::StatusOr<Schedule> CreateSchedule(const ScheduleContext& context, const CallContext& caller,
                                        const NewSchedule& asked) {
  ASSIGN_OR_RETURN(const recurrence::Recurrence recurrence,
                   recurrence::Recurrence::Create(asked.spec, "schedule.spec"));
  Schedule schedule{.tenant = caller.tenant,
                    .id = ScheduleId::Make(context.clock.Now()),
                    .workflow = asked.workflow,
                    .name = asked.name,
                    .spec = recurrence::ToJson(asked.spec).dump(),
                    .overlap = asked.overlap,
                    .catch_up = asked.catch_up,
                    .catch_up_window = asked.catch_up_window,
                    .pause_on_failure = asked.pause_on_failure,
                    .remaining_runs = asked.remaining_runs,
                    .data = asked.data,
                    .metadata = asked.metadata};
  const storage::CreateRequest request = RequestOf(asked, schedule.spec);
  const auto create = [&](Connection& connection) -> absl::StatusOr<Schedule> {
    ASSIGN_OR_RETURN(std::optional<Schedule> earlier, FindEarlier(connection, caller, request));
    if (earlier) return *std::move(earlier);
    ASSIGN_OR_RETURN(schedule.project, FindProject(connection, caller, asked.workflow));
    ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
    schedule.decided_until = now;
    RETURN_IF_ERROR(Plan(schedule, recurrence, now));
    RETURN_IF_ERROR(storage::InsertSchedule(connection, schedule, request));
    return storage::LoadSchedule(connection, caller.tenant, schedule.id, Lock::kNone);
  };
  absl::StatusOr<Schedule> created =
      RunInTransactionReturning<Schedule>(context.pool, ScopeOf(caller), create);
  // Of two calls of one request id at once the other was faster: now it can be found.
  if (absl::IsAlreadyExists(created.status()) &&
      ReasonOf(created.status()) != "REQUEST_ID_REUSED") {
    created = RunInTransactionReturning<Schedule>(context.pool, ScopeOf(caller), create);
  }
  if (created.ok()) context.wake();
  return created;
}

absl::StatusOr<Schedule> GetSchedule(const ScheduleContext& context, const CallContext& caller,
                                     ScheduleId id) {
  return RunInTransactionReturning<Schedule>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return FindSchedule(connection, caller, id, Lock::kNone); });
}

absl::StatusOr<paging::Page<Schedule>> ListSchedules(const ScheduleContext& context,
                                                     const CallContext& caller,
                                                     const ListRequest& request) {
  const std::string list = ListName(caller, request);
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size));
  ASSIGN_OR_RETURN(const std::string position, ReadPosition(request, list));
  ASSIGN_OR_RETURN(const std::optional<ScheduleId> before, paging::IdAt<ScheduleId>(position));
  const storage::Filter filter{request.workflow, request.status, caller.project};
  return RunInTransactionReturning<paging::Page<Schedule>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<Schedule>> {
        paging::Page<Schedule> page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountSchedules(connection, caller.tenant, filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListSchedules(connection, caller.tenant, filter,
                                                            before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

absl::StatusOr<Schedule> UpdateSchedule(const ScheduleContext& context, const CallContext& caller,
                                        const ScheduleChange& change) {
  if (change.spec) {
    RETURN_IF_ERROR(recurrence::Recurrence::Create(*change.spec, "schedule.spec").status());
  }
  return Changed(context, caller, change.id,
                 [&](Connection& connection, Schedule& schedule) -> absl::Status {
                   RETURN_IF_ERROR(CheckCallersOwn(schedule));
                   RETURN_IF_ERROR(CheckEtag(schedule, change.etag));
                   return ApplyChange(connection, change, schedule);
                 });
}

absl::Status DeleteSchedule(const ScheduleContext& context, const CallContext& caller,
                            ScheduleId id) {
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const Schedule schedule,
                         FindSchedule(connection, caller, id, Lock::kForChange));
        RETURN_IF_ERROR(CheckCallersOwn(schedule));
        return storage::DeleteSchedule(connection, caller.tenant, id);
      });
}

absl::StatusOr<Schedule> PauseSchedule(const ScheduleContext& context, const CallContext& caller,
                                       ScheduleId id, const std::string& note) {
  return Changed(context, caller, id, [&](Connection&, Schedule& schedule) -> absl::Status {
    if (schedule.status == Status::kCompleted) {
      return WithReason(absl::FailedPreconditionError("the schedule has come to its end"),
                        kScheduleStatus);
    }
    schedule.status = Status::kPaused;
    schedule.paused_by = "caller";
    schedule.note = note;
    schedule.next_nominal = schedule.next_run = std::nullopt;
    return absl::OkStatus();
  });
}

absl::StatusOr<Schedule> ResumeSchedule(const ScheduleContext& context, const CallContext& caller,
                                        ScheduleId id) {
  return Changed(
      context, caller, id, [&](Connection& connection, Schedule& schedule) -> absl::Status {
        if (schedule.status == Status::kActive) return absl::OkStatus();
        if (schedule.status == Status::kCompleted || schedule.paused_by == "workflow") {
          return WithReason(absl::FailedPreconditionError(
                                schedule.status == Status::kCompleted
                                    ? "the schedule has come to its end"
                                    : "the schedule goes on when its workflow is active again"),
                            kScheduleStatus);
        }
        RETURN_IF_ERROR(RecurrenceOf(schedule.spec).status());
        ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
        schedule.status = Status::kActive;
        schedule.paused_by.clear();
        schedule.note.clear();
        schedule.skip_until = now;
        schedule.skip_reason = kPausedThen;
        schedule.next_nominal = std::nullopt;
        schedule.next_run = now;
        return absl::OkStatus();
      });
}

}  // namespace penstock::scheduler
