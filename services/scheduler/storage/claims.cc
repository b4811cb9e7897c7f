#include "services/scheduler/storage/claims.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/storage/queries.h"
#include "services/scheduler/storage/runs.h"
#include "services/scheduler/storage/statements.h"

namespace penstock::scheduler::storage {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
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

// Where the ends of waits will be among the results goes to `promoting`.
void AddResultsOf(Statements& statements, TenantId tenant,
                  const std::vector<const RunResult*>& results, std::vector<size_t>& promoting) {
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
  statements.Add(kSetTenant, std::move(Params().Add(tenant.ToString())));
  // Whoever decides about a schedule holds its row, so what has ended is either seen there or what
  // was decided there is seen here.
  statements.Add(kLockSchedules, Of(tenant, all));
  statements.Add(kRecordResults, std::move(columns).ToParams(tenant));
  if (!started_schedules.empty()) {
    statements.Add(
        kNoteStarted,
        std::move(
            Params().Add(tenant).Add(std::move(started_schedules)).Add(std::move(started_times))));
  }
  if (!failed.empty()) statements.Add(kPauseFailed, Of(tenant, failed));
  if (!ended.empty()) {
    promoting.push_back(statements.Add(kPromoteBuffered, Of(tenant, ended)));
  }
}

RunTask ReadTask(TenantId tenant, const Result& rows, int r) {
  const absl::Time now = rows.Get<absl::Time>(r, 10);
  return {.tenant = tenant,
          .schedule = rows.Get<ScheduleId>(r, 0),
          .nominal = rows.Get<absl::Time>(r, 1),
          .state = FromName<RunState>(rows.Get<std::string>(r, 2)).value_or(RunState::kPending),
          .stop = FromName<Stop>(rows.Get<std::string>(r, 3)).value_or(Stop::kNone),
          .execution = rows.Get<std::optional<ExecutionId>>(r, 4),
          .input = rows.Get<std::string>(r, 5),
          .attempts = rows.Get<int32_t>(r, 6),
          .due = rows.Get<absl::Time>(r, 7),
          .workflow = rows.Get<WorkflowId>(r, 8),
          .node_id = rows.Get<std::string>(r, 9),
          .age = now - rows.Get<std::optional<absl::Time>>(r, 11).value_or(now)};
}

}  // namespace

absl::Status ActFor(Connection& connection, TenantId tenant) {
  return connection.Execute(kSetTenant, Params().Add(tenant.ToString())).status();
}

absl::StatusOr<NextDue> FindNextDue(Connection& connection) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kNextDue));
  return NextDue{row.Get<absl::Time>(0, 0), row.Get<std::optional<absl::Time>>(0, 1),
                 row.Get<std::optional<absl::Time>>(0, 2),
                 row.Get<std::optional<absl::Time>>(0, 3)};
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
  Statements taking;
  for (auto& [tenant, instants] : by_tenant) {
    taking.Add(kSetTenant, std::move(Params().Add(tenant.ToString())));
    taking.Add(kTakeRuns, std::move(Params()
                                        .Add(tenant)
                                        .Add(std::move(instants.schedules))
                                        .Add(std::move(instants.nominals))
                                        .Add(absl::ToDoubleSeconds(lease))));
  }
  ASSIGN_OR_RETURN(const std::vector<Result> taken, taking.Run(connection));
  std::vector<RunTask> tasks;
  size_t place = 1;
  for (const auto& [tenant, instants] : by_tenant) {
    const Result& rows = taken[place];
    place += 2;
    for (int r = 0; r < rows.rows(); ++r) tasks.push_back(ReadTask(tenant, rows, r));
  }
  return tasks;
}

absl::StatusOr<int64_t> RecordResults(Connection& connection,
                                      const std::vector<RunResult>& results) {
  // In one order for everybody, so that two who record at once do not wait for each other in a
  // circle.
  std::map<TenantId, std::vector<const RunResult*>> by_tenant;
  for (const RunResult& result : results) by_tenant[result.tenant].push_back(&result);
  Statements statements;
  std::vector<size_t> promoting;
  for (const auto& [tenant, of_tenant] : by_tenant) {
    AddResultsOf(statements, tenant, of_tenant, promoting);
  }
  ASSIGN_OR_RETURN(const std::vector<Result> done, statements.Run(connection));
  int64_t promoted = 0;
  for (const size_t place : promoting) promoted += done[place].affected_rows();
  return promoted;
}

}  // namespace penstock::scheduler::storage
