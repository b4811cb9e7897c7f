#include "services/scheduler/storage/runs.h"

#include <utility>

#include "libs/paging/paging.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/storage/queries.h"

namespace penstock::scheduler::storage {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Result;

RunState StateOf(const Result& rows, int r, int column) {
  return FromName<RunState>(rows.Get<std::string>(r, column)).value_or(RunState::kPending);
}

ScheduleRun ReadRun(const Result& rows, int r) {
  return {.schedule = rows.Get<ScheduleId>(r, 0),
          .nominal = rows.Get<absl::Time>(r, 1),
          .origin = FromName<Origin>(rows.Get<std::string>(r, 2)).value_or(Origin::kSchedule),
          .state = StateOf(rows, r, 3),
          .reason = rows.Get<std::string>(r, 4),
          .note = rows.Get<std::string>(r, 5),
          .last_nominal = rows.Get<absl::Time>(r, 6),
          .instants = rows.Get<int32_t>(r, 7),
          .due = rows.Get<absl::Time>(r, 8),
          .started_at = rows.Get<std::optional<absl::Time>>(r, 9),
          .ended_at = rows.Get<std::optional<absl::Time>>(r, 10),
          .execution = rows.Get<std::optional<ExecutionId>>(r, 11)};
}

std::optional<std::string_view> NameOf(std::optional<RunState> state) {
  return state ? std::optional(Name(*state)) : std::nullopt;
}

}  // namespace

Array<Uuid> ArrayOf(const std::vector<ScheduleId>& ids) {
  Array<Uuid> array;
  for (const ScheduleId& id : ids) array.Append(id);
  return array;
}

absl::StatusOr<ScheduleRun> LoadRun(Connection& connection, TenantId tenant, ScheduleId schedule,
                                    absl::Time nominal) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kLoadRun, Params().Add(tenant).Add(schedule).Add(nominal)));
  if (rows.rows() == 0) return absl::NotFoundError("no run of this instant");
  return ReadRun(rows, 0);
}

absl::StatusOr<std::vector<ScheduleRun>> ListRuns(Connection& connection, TenantId tenant,
                                                  ScheduleId schedule,
                                                  std::optional<RunState> state,
                                                  std::optional<absl::Time> before, int limit) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(
          kListRuns,
          Params().Add(tenant).Add(schedule).Add(NameOf(state)).Add(before).Add(int64_t{limit})));
  std::vector<ScheduleRun> runs;
  for (int r = 0; r < rows.rows(); ++r) runs.push_back(ReadRun(rows, r));
  return runs;
}

absl::StatusOr<int64_t> CountRuns(Connection& connection, TenantId tenant, ScheduleId schedule,
                                  std::optional<RunState> state) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kCountRuns, Params()
                                                      .Add(tenant)
                                                      .Add(schedule)
                                                      .Add(NameOf(state))
                                                      .Add(int64_t{paging::kMaxCounted + 1})));
  return row.Get<int64_t>(0, 0);
}

std::vector<OpenRun> ReadOpenRuns(const Result& rows) {
  std::vector<OpenRun> open;
  for (int r = 0; r < rows.rows(); ++r) {
    open.push_back({rows.Get<ScheduleId>(r, 0), rows.Get<absl::Time>(r, 1), StateOf(rows, r, 2),
                    rows.Get<absl::Time>(r, 3)});
  }
  return open;
}

absl::StatusOr<std::vector<OpenRun>> LoadOpenRuns(Connection& connection, TenantId tenant,
                                                  const std::vector<ScheduleId>& schedules) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kLoadOpenRuns, Params().Add(tenant).Add(ArrayOf(schedules))));
  return ReadOpenRuns(rows);
}

Params ToParams(TenantId tenant, const std::vector<RunToInsert>& runs, absl::Duration lease) {
  Array<Uuid> schedules;
  Array<absl::Time> nominals, last_nominals, dues;
  Array<std::string_view> origins, states, reasons, overlaps;
  Array<int32_t> instants;
  Array<postgres::Json> inputs;
  for (const RunToInsert& item : runs) {
    schedules.Append(item.schedule);
    nominals.Append(item.run.nominal);
    origins.Append(Name(item.origin));
    states.Append(Name(item.run.state));
    reasons.Append(item.run.reason);
    last_nominals.Append(item.run.last_nominal);
    instants.Append(item.run.instants);
    overlaps.Append(Name(item.overlap));
    dues.Append(item.run.due);
    inputs.Append(postgres::Json{item.input});
  }
  return std::move(Params()
                       .Add(tenant)
                       .Add(std::move(schedules))
                       .Add(std::move(nominals))
                       .Add(std::move(origins))
                       .Add(std::move(states))
                       .Add(std::move(reasons))
                       .Add(std::move(last_nominals))
                       .Add(std::move(instants))
                       .Add(std::move(overlaps))
                       .Add(std::move(dues))
                       .Add(std::move(inputs))
                       .Add(absl::ToDoubleSeconds(lease)));
}

std::vector<InsertedRun> ReadInserted(const Result& rows) {
  std::vector<InsertedRun> inserted;
  for (int r = 0; r < rows.rows(); ++r) {
    inserted.push_back(
        {rows.Get<ScheduleId>(r, 0), rows.Get<absl::Time>(r, 1), StateOf(rows, r, 2)});
  }
  return inserted;
}

absl::Status InsertRuns(Connection& connection, TenantId tenant,
                        const std::vector<RunToInsert>& runs) {
  // Whoever comes first takes it.
  return connection.Execute(kInsertRuns, ToParams(tenant, runs, absl::ZeroDuration())).status();
}

absl::Status StopStarted(Connection& connection, TenantId tenant,
                         const std::vector<ScheduleId>& schedules, Stop how) {
  if (schedules.empty() || how == Stop::kNone) return absl::OkStatus();
  return connection
      .Execute(kStopStarted,
               Params().Add(tenant).Add(ArrayOf(schedules)).Add(how == Stop::kTerminate))
      .status();
}

absl::Status SkipBuffered(Connection& connection, TenantId tenant,
                          const std::vector<ScheduleId>& schedules, const char* reason) {
  return connection.Execute(kSkipBuffered, Params().Add(tenant).Add(ArrayOf(schedules)).Add(reason))
      .status();
}

}  // namespace penstock::scheduler::storage
