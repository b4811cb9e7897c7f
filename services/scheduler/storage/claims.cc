#include "services/scheduler/storage/claims.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/storage/queries.h"
#include "services/scheduler/storage/runs.h"
#include "services/scheduler/storage/schedules.h"

namespace penstock::scheduler::storage {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Pipeline;
using postgres::Result;

struct InstantsOfTenant {
  Array<Uuid> schedules;
  Array<absl::Time> nominals;
};

bool HasEnded(RunState state) {
  return state != RunState::kPending && state != RunState::kRunning && state != RunState::kBuffered;
}

// The results of one tenant as the columns of record_results.sql.
struct ResultColumns {
  Array<Uuid> schedules, executions;
  Array<absl::Time> nominals, started, ended;
  Array<std::string_view> states, reasons, notes;
  Array<double> delays;
  Array<bool> answers;

  void Append(const RunResult& result) {
    schedules.Append(result.schedule);
    nominals.Append(result.nominal);
    states.Append(Name(result.state));
    executions.Append(result.execution);
    started.Append(result.started_at);
    ended.Append(result.ended_at);
    reasons.Append(result.reason);
    notes.Append(result.note);
    delays.Append(absl::ToDoubleSeconds(result.delay));
    answers.Append(result.is_answer);
  }

  Params ToParams(TenantId tenant) && {
    return std::move(Params()
                         .Add(tenant)
                         .Add(std::move(schedules))
                         .Add(std::move(nominals))
                         .Add(std::move(states))
                         .Add(std::move(executions))
                         .Add(std::move(started))
                         .Add(std::move(ended))
                         .Add(std::move(reasons))
                         .Add(std::move(notes))
                         .Add(std::move(delays))
                         .Add(std::move(answers)));
  }
};

Params Of(TenantId tenant, const std::vector<ScheduleId>& schedules) {
  return std::move(Params().Add(tenant).Add(ArrayOf(schedules)));
}

void AddResultsOf(Pipeline& pipeline, TenantId tenant,
                  const std::vector<const RunResult*>& results) {
  ResultColumns columns;
  std::vector<ScheduleId> all, ended, failed;
  Array<Uuid> started_schedules;
  Array<absl::Time> started_times;
  for (const RunResult* result : results) {
    columns.Append(*result);
    all.push_back(result->schedule);
    if (HasEnded(result->state)) ended.push_back(result->schedule);
    if (result->state == RunState::kFailed || result->state == RunState::kTimedOut) {
      failed.push_back(result->schedule);
    }
    if (result->started_at) {
      started_schedules.Append(result->schedule);
      started_times.Append(*result->started_at);
    }
  }
  pipeline.Add(kSetTenant, std::move(Params().Add(tenant.ToString())));
  // Whoever decides about a schedule holds its row, so what has ended is either seen there or what
  // was decided there is seen here.
  pipeline.Add(kLockSchedules, Of(tenant, all));
  pipeline.Add(kRecordResults, std::move(columns).ToParams(tenant));
  if (!started_schedules.empty()) {
    pipeline.Add(
        kNoteStarted,
        std::move(
            Params().Add(tenant).Add(std::move(started_schedules)).Add(std::move(started_times))));
  }
  if (!failed.empty()) pipeline.Add(kPauseFailed, Of(tenant, failed));
  if (!ended.empty()) pipeline.Add(kPromoteBuffered, Of(tenant, ended));
}

}  // namespace

absl::Status ActFor(Connection& connection, TenantId tenant) {
  return connection.Execute(kSetTenant, Params().Add(tenant.ToString())).status();
}

absl::StatusOr<NextDue> FindNextDue(Connection& connection) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kNextDue));
  return NextDue{row.Get<absl::Time>(0, 0), row.Get<std::optional<absl::Time>>(0, 1)};
}

absl::StatusOr<std::vector<ClaimedSchedule>> ClaimSchedules(Connection& connection, int how_many) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kClaimSchedules, Params().Add(int32_t{how_many})));
  std::vector<ClaimedSchedule> claimed;
  for (int r = 0; r < rows.rows(); ++r) {
    claimed.push_back({rows.Get<TenantId>(r, 0), rows.Get<ScheduleId>(r, 1)});
  }
  std::ranges::stable_sort(claimed, {}, &ClaimedSchedule::tenant);
  return claimed;
}

absl::StatusOr<std::vector<Schedule>> LoadSchedules(Connection& connection, TenantId tenant,
                                                    const std::vector<ScheduleId>& ids) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kLoadSchedules, Of(tenant, ids)));
  std::vector<Schedule> schedules;
  for (int r = 0; r < rows.rows(); ++r) schedules.push_back(ReadSchedule(rows, r));
  return schedules;
}

absl::Status ApplyDecisions(Connection& connection, TenantId tenant,
                            const std::vector<Decided>& decided) {
  if (decided.empty()) return absl::OkStatus();
  Array<Uuid> schedules;
  Array<absl::Time> until, nominal, next;
  Array<std::string_view> statuses;
  Array<int32_t> remaining;
  for (const auto& [schedule, decision] : decided) {
    schedules.Append(schedule);
    until.Append(decision.decided_until);
    nominal.Append(decision.next_nominal);
    next.Append(decision.next_run);
    statuses.Append(Name(decision.status));
    remaining.Append(decision.remaining_runs);
  }
  return connection
      .Execute(kApplyDecisions, Params()
                                    .Add(tenant)
                                    .Add(std::move(schedules))
                                    .Add(std::move(until))
                                    .Add(std::move(nominal))
                                    .Add(std::move(next))
                                    .Add(std::move(statuses))
                                    .Add(std::move(remaining)))
      .status();
}

absl::Status AskAgain(Connection& connection, TenantId tenant,
                      const std::vector<ScheduleId>& schedules, absl::Duration delay) {
  if (schedules.empty()) return absl::OkStatus();
  Pipeline pipeline;
  pipeline.Add(kAskAboutRunning, Of(tenant, schedules));
  pipeline.Add(kLookAgain, std::move(Of(tenant, schedules).Add(absl::ToDoubleSeconds(delay))));
  return pipeline.Run(connection).status();
}

absl::Status PauseUnreadable(Connection& connection, TenantId tenant, ScheduleId schedule,
                             const std::string& problem) {
  return connection.Execute(kPauseUnreadable, Params().Add(tenant).Add(schedule).Add(problem))
      .status();
}

absl::StatusOr<std::vector<RunTask>> ClaimRuns(Connection& connection, int how_many,
                                               absl::Duration lease) {
  ASSIGN_OR_RETURN(const Result claimed,
                   connection.Execute(kClaimRuns, Params().Add(int32_t{how_many})));
  std::map<TenantId, InstantsOfTenant> by_tenant;
  for (int r = 0; r < claimed.rows(); ++r) {
    InstantsOfTenant& instants = by_tenant[claimed.Get<TenantId>(r, 0)];
    instants.schedules.Append(claimed.Get<ScheduleId>(r, 1));
    instants.nominals.Append(claimed.Get<absl::Time>(r, 2));
  }
  std::vector<RunTask> tasks;
  for (auto& [tenant, instants] : by_tenant) {
    Pipeline pipeline;
    pipeline.Add(kSetTenant, std::move(Params().Add(tenant.ToString())));
    pipeline.Add(kTakeRuns, std::move(Params()
                                          .Add(tenant)
                                          .Add(std::move(instants.schedules))
                                          .Add(std::move(instants.nominals))
                                          .Add(absl::ToDoubleSeconds(lease))));
    ASSIGN_OR_RETURN(const std::vector<Result> results, pipeline.Run(connection));
    const Result& rows = results[1];
    for (int r = 0; r < rows.rows(); ++r) {
      const absl::Time now = rows.Get<absl::Time>(r, 10);
      tasks.push_back(
          {.tenant = tenant,
           .schedule = rows.Get<ScheduleId>(r, 0),
           .nominal = rows.Get<absl::Time>(r, 1),
           .state = FromName<RunState>(rows.Get<std::string>(r, 2)).value_or(RunState::kPending),
           .cancel_requested = rows.Get<bool>(r, 3),
           .execution = rows.Get<std::optional<ExecutionId>>(r, 4),
           .input = rows.Get<std::string>(r, 5),
           .attempts = rows.Get<int32_t>(r, 6),
           .due = rows.Get<absl::Time>(r, 7),
           .workflow = rows.Get<WorkflowId>(r, 8),
           .node_id = rows.Get<std::string>(r, 9),
           .age = now - rows.Get<std::optional<absl::Time>>(r, 11).value_or(now)});
    }
  }
  return tasks;
}

absl::Status RecordResults(Connection& connection, const std::vector<RunResult>& results) {
  // In one order for everybody, so that two who record at once do not wait for each other in a
  // circle.
  std::map<TenantId, std::vector<const RunResult*>> by_tenant;
  for (const RunResult& result : results) by_tenant[result.tenant].push_back(&result);
  Pipeline pipeline;
  for (const auto& [tenant, of_tenant] : by_tenant) AddResultsOf(pipeline, tenant, of_tenant);
  return pipeline.Run(connection).status();
}

}  // namespace penstock::scheduler::storage
