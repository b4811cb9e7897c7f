#include "services/scheduler/storage/due.h"

#include <map>
#include <optional>
#include <utility>

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/storage/queries.h"
#include "services/scheduler/storage/schedules.h"
#include "services/scheduler/storage/statements.h"

namespace penstock::scheduler::storage {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Result;

Params Of(TenantId tenant, const std::vector<ScheduleId>& schedules) {
  return std::move(Params().Add(tenant).Add(ArrayOf(schedules)));
}

Params ToParams(TenantId tenant, const std::vector<DecidedSchedule>& decided) {
  Array<Uuid> schedules;
  Array<absl::Time> until, nominal, next;
  Array<std::string_view> statuses;
  Array<int32_t> remaining;
  for (const auto& [id, decision] : decided) {
    schedules.Append(id);
    until.Append(decision.decided_until);
    nominal.Append(decision.next_nominal);
    next.Append(decision.next_run);
    statuses.Append(Name(decision.status));
    remaining.Append(decision.remaining_runs);
  }
  return std::move(Params()
                       .Add(tenant)
                       .Add(std::move(schedules))
                       .Add(std::move(until))
                       .Add(std::move(nominal))
                       .Add(std::move(next))
                       .Add(std::move(statuses))
                       .Add(std::move(remaining)));
}

void AddTenant(Statements& statements, TenantId tenant) {
  statements.Add(kSetTenant, std::move(Params().Add(tenant.ToString())));
}

// What becomes of the runs that were open before; comes before there are new ones.
void AddEnds(Statements& statements, const DecidedOfTenant& decided) {
  std::vector<ScheduleId> cancelled, terminated, superseded;
  for (const auto& [id, decision] : decided.schedules) {
    if (decision.stops_started == Stop::kCancel) cancelled.push_back(id);
    if (decision.stops_started == Stop::kTerminate) terminated.push_back(id);
    if (decision.supersedes_buffered) superseded.push_back(id);
  }
  if (!cancelled.empty()) {
    statements.Add(kStopStarted, std::move(Of(decided.tenant, cancelled).Add(false)));
  }
  if (!terminated.empty()) {
    statements.Add(kStopStarted, std::move(Of(decided.tenant, terminated).Add(true)));
  }
  if (!superseded.empty()) {
    statements.Add(kSkipBuffered, std::move(Of(decided.tenant, superseded).Add(kSuperseded)));
  }
}

// Where the new runs will be among the results, if there are any.
std::optional<size_t> AddDecisions(Statements& statements, const DecidedOfTenant& decided,
                                   const StoreTimes& times) {
  const TenantId tenant = decided.tenant;
  AddTenant(statements, tenant);
  AddEnds(statements, decided);
  std::optional<size_t> inserted;
  if (!decided.runs.empty()) {
    inserted = statements.Add(kInsertRuns, ToParams(tenant, decided.runs, times.lease));
  }
  if (!decided.schedules.empty()) {
    statements.Add(kApplyDecisions, ToParams(tenant, decided.schedules));
  }
  if (!decided.to_ask_again.empty()) {
    statements.Add(kAskAboutRunning, Of(tenant, decided.to_ask_again));
    statements.Add(kLookAgain, std::move(Of(tenant, decided.to_ask_again)
                                             .Add(absl::ToDoubleSeconds(times.ask_again))));
  }
  for (const auto& [id, problem] : decided.unreadable) {
    statements.Add(kPauseUnreadable, std::move(Params().Add(tenant).Add(id).Add(problem)));
  }
  return inserted;
}

}  // namespace

absl::StatusOr<Due> ClaimDue(Connection& connection, int how_many) {
  Statements claiming;
  claiming.Add(kReadNow, {});
  claiming.Add(kClaimSchedules, std::move(Params().Add(int32_t{how_many})));
  ASSIGN_OR_RETURN(const std::vector<Result> claimed, claiming.Run(connection));
  std::map<TenantId, std::vector<ScheduleId>> by_tenant;
  for (int r = 0; r < claimed[1].rows(); ++r) {
    by_tenant[claimed[1].Get<TenantId>(r, 0)].push_back(claimed[1].Get<ScheduleId>(r, 1));
  }
  Statements loading;
  for (const auto& [tenant, ids] : by_tenant) {
    AddTenant(loading, tenant);
    loading.Add(kLoadSchedules, Of(tenant, ids));
    loading.Add(kLoadOpenRuns, Of(tenant, ids));
  }
  ASSIGN_OR_RETURN(const std::vector<Result> loaded, loading.Run(connection));
  Due due{claimed[0].Get<absl::Time>(0, 0), {}};
  size_t at = 0;
  for (const auto& [tenant, ids] : by_tenant) {
    DueOfTenant& of_tenant = due.tenants.emplace_back(DueOfTenant{.tenant = tenant});
    const Result& schedules = loaded[at + 1];
    for (int r = 0; r < schedules.rows(); ++r) {
      of_tenant.schedules.push_back(ReadSchedule(schedules, r));
    }
    of_tenant.open = ReadOpenRuns(loaded[at + 2]);
    at += 3;
  }
  return due;
}

absl::StatusOr<std::vector<std::vector<InsertedRun>>> StoreDecisions(
    Connection& connection, const std::vector<DecidedOfTenant>& decided, const StoreTimes& times) {
  Statements statements;
  std::vector<std::optional<size_t>> places;
  for (const DecidedOfTenant& of_tenant : decided) {
    places.push_back(AddDecisions(statements, of_tenant, times));
  }
  ASSIGN_OR_RETURN(const std::vector<Result> results, statements.Run(connection));
  std::vector<std::vector<InsertedRun>> inserted;
  for (const std::optional<size_t> place : places) {
    inserted.push_back(place ? ReadInserted(results[*place]) : std::vector<InsertedRun>());
  }
  return inserted;
}

}  // namespace penstock::scheduler::storage
