#include "services/scheduler/ops/firing.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libs/recurrence/recurrence.h"
#include "libs/status/macros.h"
#include "services/scheduler/domain/start_input.h"
#include "services/scheduler/ops/schedules.h"
#include "services/scheduler/storage/backfills.h"
#include "services/scheduler/storage/runs.h"
#include "services/scheduler/storage/schedules.h"

namespace penstock::scheduler {
namespace {

using postgres::Connection;
using recurrence::Recurrence;
using storage::OpenRun;
using storage::RunTask;
using Tasks = std::vector<RunTask>;

// What is known about a running execution may be so old when the next instant is decided by it.
constexpr absl::Duration kFresh = absl::Seconds(2);
// How long the engine is given to say how it stands.
constexpr absl::Duration kAnswerTime = absl::Milliseconds(100);
constexpr int kBackfillsAtOnce = 10;
constexpr int kBackfillOpenRuns = 200;
constexpr absl::Duration kBackfillPause = absl::Seconds(1);

RunTask TaskOf(const Schedule& schedule, const NewRun& run, std::string input) {
  return {.tenant = schedule.tenant,
          .schedule = schedule.id,
          .nominal = run.nominal,
          .input = std::move(input),
          .due = run.due,
          .workflow = schedule.workflow,
          .node_id = schedule.node_id};
}

// The schedules of one tenant that are due, decided together.
class TenantDecisions {
 public:
  TenantDecisions(Connection& connection, TenantId tenant, absl::Time now)
      : connection_(connection), tenant_(tenant), now_(now) {}

  absl::Status Run(const std::vector<ScheduleId>& ids, Tasks& tasks) {
    RETURN_IF_ERROR(storage::ActFor(connection_, tenant_));
    ASSIGN_OR_RETURN(const std::vector<Schedule> schedules,
                     storage::LoadSchedules(connection_, tenant_, ids));
    ASSIGN_OR_RETURN(const std::vector<OpenRun> open,
                     storage::LoadOpenRuns(connection_, tenant_, ids));
    for (const OpenRun& run : open) open_[run.schedule].push_back(run);
    for (const Schedule& schedule : schedules) RETURN_IF_ERROR(DecideOne(schedule));
    return Store(tasks);
  }

 private:
  absl::Status DecideOne(const Schedule& schedule) {
    const absl::StatusOr<Recurrence> recurrence = RecurrenceOf(schedule.spec);
    if (!recurrence.ok()) {
      // Its zone is gone, say: nothing would ever become of it, so its owner is told.
      return storage::PauseUnreadable(connection_, tenant_, schedule.id,
                                      std::string(recurrence.status().message()));
    }
    OpenRuns open;
    for (const OpenRun& run : open_[schedule.id]) {
      ++(run.state == RunState::kBuffered ? open.buffered : open.started);
      if (run.state == RunState::kRunning && run.checked_at < now_ - kFresh &&
          schedule.overlap != Overlap::kAllowAll) {
        ask_again_.push_back(schedule.id);
        return absl::OkStatus();
      }
    }
    decisions_.push_back({schedule, Decide(schedule, *recurrence, open, now_)});
    return absl::OkStatus();
  }

  absl::Status Store(Tasks& tasks) {
    std::vector<ScheduleId> cancelling, superseding;
    std::vector<storage::RunToInsert> runs;
    std::vector<storage::Decided> decided;
    for (const auto& [schedule, decision] : decisions_) {
      if (decision.cancels_started) cancelling.push_back(schedule.id);
      if (decision.supersedes_buffered) superseding.push_back(schedule.id);
      decided.push_back({schedule.id, decision});
      for (const NewRun& run : decision.runs) {
        const bool starts = run.state != RunState::kSkipped;
        runs.push_back({schedule.id, run, Origin::kSchedule, schedule.overlap,
                        starts ? StartInput(schedule, run.nominal, run.due, now_, Origin::kSchedule)
                               : "null"});
      }
    }
    if (!cancelling.empty()) {
      RETURN_IF_ERROR(storage::CancelStarted(connection_, tenant_, cancelling));
    }
    if (!superseding.empty()) {
      RETURN_IF_ERROR(storage::SkipBuffered(connection_, tenant_, superseding, kSuperseded));
    }
    ASSIGN_OR_RETURN(const auto inserted, storage::InsertRuns(connection_, tenant_, runs, kLease));
    RETURN_IF_ERROR(storage::ApplyDecisions(connection_, tenant_, decided));
    RETURN_IF_ERROR(storage::AskAgain(connection_, tenant_, ask_again_, kAnswerTime));
    AddTasks(inserted, runs, tasks);
    return absl::OkStatus();
  }

  void AddTasks(const std::vector<storage::InsertedRun>& inserted,
                std::vector<storage::RunToInsert>& runs, Tasks& tasks) const {
    std::set<std::pair<ScheduleId, absl::Time>> to_start;
    for (const storage::InsertedRun& run : inserted) {
      if (run.state == RunState::kPending) to_start.insert({run.schedule, run.nominal});
    }
    std::map<ScheduleId, const Schedule*> schedules;
    for (const auto& [schedule, decision] : decisions_) schedules[schedule.id] = &schedule;
    for (storage::RunToInsert& item : runs) {
      if (!to_start.contains({item.schedule, item.run.nominal})) continue;
      tasks.push_back(TaskOf(*schedules[item.schedule], item.run, std::move(item.input)));
    }
  }

  struct One {
    Schedule schedule;
    Decision decision;
  };

  Connection& connection_;
  const TenantId tenant_;
  const absl::Time now_;
  std::map<ScheduleId, std::vector<OpenRun>> open_;
  std::vector<One> decisions_;
  std::vector<ScheduleId> ask_again_;
};

absl::StatusOr<Tasks> DecideClaimed(Connection& connection, int how_many) {
  ASSIGN_OR_RETURN(const std::vector<storage::ClaimedSchedule> claimed,
                   storage::ClaimSchedules(connection, how_many));
  Tasks tasks;
  if (claimed.empty()) return tasks;
  ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
  for (size_t i = 0; i < claimed.size();) {
    std::vector<ScheduleId> ids;
    const TenantId tenant = claimed[i].tenant;
    for (; i < claimed.size() && claimed[i].tenant == tenant; ++i) {
      ids.push_back(claimed[i].schedule);
    }
    RETURN_IF_ERROR(TenantDecisions(connection, tenant, now).Run(ids, tasks));
  }
  return tasks;
}

// The next instants of a backfill that there is room for.
class BackfillStep {
 public:
  BackfillStep(Connection& connection, const Schedule& schedule, const Backfill& backfill,
               const Recurrence& recurrence, absl::Time now)
      : connection_(connection),
        schedule_(schedule),
        backfill_(backfill),
        recurrence_(recurrence),
        now_(now) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(OpenRuns open, CountOpen());
    const int room = std::min(kMaxDecided, kBackfillOpenRuns - open.started - open.buffered);
    const std::vector<absl::Time> instants = Instants(std::max(room, 0));
    storage::BackfillStep step{.done_until = backfill_.done_until, .pause = kBackfillPause};
    if (!instants.empty()) {
      step.done_until = instants.back();
      RETURN_IF_ERROR(Place(instants, open, step));
    }
    const std::optional<absl::Time> next = recurrence_.Next(step.done_until);
    step.is_last = !next || *next > backfill_.end;
    if (room > 0) step.pause = absl::ZeroDuration();
    return storage::AdvanceBackfill(connection_, backfill_, step);
  }

 private:
  absl::StatusOr<OpenRuns> CountOpen() {
    ASSIGN_OR_RETURN(const std::vector<OpenRun> runs,
                     storage::LoadOpenRuns(connection_, schedule_.tenant, {schedule_.id}));
    OpenRuns open;
    for (const OpenRun& run : runs) {
      ++(run.state == RunState::kBuffered ? open.buffered : open.started);
    }
    return open;
  }

  std::vector<absl::Time> Instants(int count) const {
    std::vector<absl::Time> instants = recurrence_.Upcoming(backfill_.done_until, count);
    while (!instants.empty() && instants.back() > backfill_.end) instants.pop_back();
    return instants;
  }

  absl::Status Place(const std::vector<absl::Time>& instants, OpenRuns open,
                     storage::BackfillStep& step) {
    const TenantId tenant = schedule_.tenant;
    RETURN_IF_ERROR(
        storage::ShrinkSkippedRanges(connection_, tenant, schedule_.id, instants, recurrence_));
    ASSIGN_OR_RETURN(const std::vector<absl::Time> earlier,
                     storage::FindEarlierRuns(connection_, tenant, schedule_.id, instants));
    const std::set<absl::Time> ran(earlier.begin(), earlier.end());
    step.earlier = static_cast<int>(ran.size());
    for (const absl::Time instant : instants) {
      if (ran.contains(instant)) continue;
      const Placement place = scheduler::Place(backfill_.overlap, open);
      if (place.cancels_started) {
        RETURN_IF_ERROR(storage::CancelStarted(connection_, tenant, {schedule_.id}));
      }
      if (place.supersedes_buffered) {
        RETURN_IF_ERROR(storage::SkipBuffered(connection_, tenant, {schedule_.id}, kSuperseded));
        open.buffered = 0;
      }
      if (place.state == RunState::kPending) ++open.started;
      if (place.state == RunState::kBuffered) ++open.buffered;
      step.run += place.state != RunState::kSkipped;
      const NewRun run{instant, instant, instant, 1, place.state, place.reason};
      RETURN_IF_ERROR(
          storage::InsertRuns(connection_, tenant,
                              {{schedule_.id, run, Origin::kBackfill, backfill_.overlap,
                                StartInput(schedule_, instant, instant, now_, Origin::kBackfill)}},
                              absl::ZeroDuration())
              .status());
    }
    return absl::OkStatus();
  }

  Connection& connection_;
  const Schedule& schedule_;
  const Backfill& backfill_;
  const Recurrence& recurrence_;
  const absl::Time now_;
};

absl::Status AdvanceOne(Connection& connection, const storage::ClaimedBackfill& claimed,
                        absl::Time now) {
  RETURN_IF_ERROR(storage::ActFor(connection, claimed.tenant));
  ASSIGN_OR_RETURN(const Schedule schedule,
                   storage::LoadSchedule(connection, claimed.tenant, claimed.schedule,
                                         storage::Lock::kForChange));
  ASSIGN_OR_RETURN(const Backfill backfill,
                   storage::LoadBackfill(connection, claimed.tenant, claimed.backfill));
  const absl::StatusOr<Recurrence> recurrence = RecurrenceOf(schedule.spec);
  if (!recurrence.ok()) {
    return storage::AdvanceBackfill(connection, backfill,
                                    {.done_until = backfill.done_until, .is_last = true});
  }
  return BackfillStep(connection, schedule, backfill, *recurrence, now).Run();
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

absl::Status AdvanceBackfills(postgres::Pool& pool) {
  return postgres::RunInTransaction(pool, {}, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<storage::ClaimedBackfill> claimed,
                     storage::ClaimBackfills(connection, kBackfillsAtOnce));
    if (claimed.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
    for (const storage::ClaimedBackfill& one : claimed) {
      RETURN_IF_ERROR(AdvanceOne(connection, one, now));
    }
    return absl::OkStatus();
  });
}

}  // namespace penstock::scheduler
