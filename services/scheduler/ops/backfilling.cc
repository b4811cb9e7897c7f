#include "services/scheduler/ops/backfilling.h"

#include <algorithm>
#include <set>

#include "libs/recurrence/recurrence.h"
#include "libs/status/macros.h"
#include "services/scheduler/domain/start_input.h"
#include "services/scheduler/ops/schedules.h"
#include "services/scheduler/storage/backfills.h"
#include "services/scheduler/storage/claims.h"
#include "services/scheduler/storage/runs.h"
#include "services/scheduler/storage/schedules.h"

namespace penstock::scheduler {
namespace {

using postgres::Connection;
using recurrence::Recurrence;
using storage::OpenRun;

constexpr int kBackfillsAtOnce = 10;
constexpr int kBackfillOpenRuns = 200;
constexpr absl::Duration kBackfillPause = absl::Seconds(1);

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
      RETURN_IF_ERROR(
          storage::StopStarted(connection_, tenant, {schedule_.id}, place.stops_started));
      if (place.supersedes_buffered) {
        RETURN_IF_ERROR(storage::SkipBuffered(connection_, tenant, {schedule_.id}, kSuperseded));
        open.buffered = 0;
      }
      if (place.state == RunState::kPending) ++open.started;
      if (place.state == RunState::kBuffered) ++open.buffered;
      step.run += place.state != RunState::kSkipped;
      const NewRun run{instant, instant, instant, 1, place.state, place.reason};
      RETURN_IF_ERROR(storage::InsertRuns(
          connection_, tenant,
          {{schedule_.id, run, Origin::kBackfill, backfill_.overlap,
            StartInput(schedule_, instant, instant, now_, Origin::kBackfill)}}));
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
