#include "services/scheduler/ops/firing.h"

#include <map>
#include <set>
#include <utility>

#include "libs/recurrence/recurrence.h"
#include "libs/status/macros.h"
#include "services/scheduler/domain/start_input.h"
#include "services/scheduler/ops/schedules.h"
#include "services/scheduler/storage/due.h"

namespace penstock::scheduler {
namespace {

using postgres::Connection;
using recurrence::Recurrence;
using storage::DecidedOfTenant;
using storage::DueOfTenant;
using storage::OpenRun;
using storage::RunTask;
using Tasks = std::vector<RunTask>;

// What is known about a running execution may be so old when the next instant is decided by it.
constexpr absl::Duration kFresh = absl::Seconds(2);
// How long the engine is given to say how it stands.
constexpr absl::Duration kAnswerTime = absl::Milliseconds(100);

struct OpenOfSchedule {
  OpenRuns counts;
  bool is_stale = false;  // something running was not asked about for a while
};

std::map<ScheduleId, OpenOfSchedule> OpenBySchedule(const std::vector<OpenRun>& runs,
                                                    absl::Time now) {
  std::map<ScheduleId, OpenOfSchedule> open;
  for (const OpenRun& run : runs) {
    OpenOfSchedule& of_schedule = open[run.schedule];
    ++(run.state == RunState::kBuffered ? of_schedule.counts.buffered : of_schedule.counts.started);
    if (run.state == RunState::kRunning && run.checked_at < now - kFresh) {
      of_schedule.is_stale = true;
    }
  }
  return open;
}

void DecideOne(const Schedule& schedule, const OpenOfSchedule& open, absl::Time now,
               DecidedOfTenant& decided) {
  const absl::StatusOr<Recurrence> recurrence = RecurrenceOf(schedule.spec);
  if (!recurrence.ok()) {
    // Its zone is gone, say: nothing would ever become of it, so its owner is told.
    decided.unreadable.emplace_back(schedule.id, recurrence.status().message());
    return;
  }
  if (open.is_stale && schedule.overlap != Overlap::kAllowAll) {
    decided.to_ask_again.push_back(schedule.id);
    return;
  }
  Decision decision = Decide(schedule, *recurrence, open.counts, now);
  for (const NewRun& run : decision.runs) {
    const bool starts = run.state != RunState::kSkipped;
    decided.runs.push_back(
        {schedule.id, run, Origin::kSchedule, schedule.overlap,
         starts ? StartInput(schedule, run.nominal, run.due, now, Origin::kSchedule) : "null"});
  }
  decided.schedules.push_back({schedule.id, std::move(decision)});
}

DecidedOfTenant DecideAll(const DueOfTenant& due, absl::Time now) {
  DecidedOfTenant decided{.tenant = due.tenant};
  const std::map<ScheduleId, OpenOfSchedule> open = OpenBySchedule(due.open, now);
  for (const Schedule& schedule : due.schedules) {
    const auto found = open.find(schedule.id);
    DecideOne(schedule, found == open.end() ? OpenOfSchedule() : found->second, now, decided);
  }
  return decided;
}

// The new runs that are to be started now.
void AddTasks(const DueOfTenant& due, DecidedOfTenant& decided,
              const std::vector<storage::InsertedRun>& inserted, Tasks& tasks) {
  std::set<std::pair<ScheduleId, absl::Time>> to_start;
  for (const storage::InsertedRun& run : inserted) {
    if (run.state == RunState::kPending) to_start.insert({run.schedule, run.nominal});
  }
  std::map<ScheduleId, const Schedule*> schedules;
  for (const Schedule& schedule : due.schedules) schedules[schedule.id] = &schedule;
  for (storage::RunToInsert& item : decided.runs) {
    if (!to_start.contains({item.schedule, item.run.nominal})) continue;
    const Schedule& schedule = *schedules[item.schedule];
    tasks.push_back({.tenant = due.tenant,
                     .schedule = schedule.id,
                     .nominal = item.run.nominal,
                     .input = std::move(item.input),
                     .due = item.run.due,
                     .workflow = schedule.workflow,
                     .node_id = schedule.node_id});
  }
}

absl::StatusOr<Tasks> DecideClaimed(Connection& connection, int how_many) {
  ASSIGN_OR_RETURN(const storage::Due due, storage::ClaimDue(connection, how_many));
  std::vector<DecidedOfTenant> decided;
  for (const DueOfTenant& of_tenant : due.tenants) {
    decided.push_back(DecideAll(of_tenant, due.now));
  }
  ASSIGN_OR_RETURN(const auto inserted,
                   storage::StoreDecisions(connection, decided, {kLease, kAnswerTime}));
  Tasks tasks;
  for (size_t i = 0; i < decided.size(); ++i) {
    AddTasks(due.tenants[i], decided[i], inserted[i], tasks);
  }
  return tasks;
}

}  // namespace

absl::StatusOr<Tasks> DecideDue(postgres::Pool& pool, int how_many) {
  return postgres::RunInTransactionReturning<Tasks>(
      pool, {}, [&](Connection& connection) { return DecideClaimed(connection, how_many); });
}

absl::StatusOr<Tasks> WakeRuns(postgres::Pool& pool, int how_many) {
  return postgres::RunInTransactionReturning<Tasks>(pool, {}, [&](Connection& connection) {
    return storage::ClaimRuns(connection, how_many, kLease);
  });
}

}  // namespace penstock::scheduler
