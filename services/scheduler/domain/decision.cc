#include "services/scheduler/domain/decision.h"

#include <algorithm>
#include <utility>

namespace penstock::scheduler {
namespace {

using recurrence::Recurrence;

class Decider {
 public:
  Decider(const Schedule& schedule, const Recurrence& recurrence, OpenRuns open, absl::Time now)
      : schedule_(schedule),
        recurrence_(recurrence),
        key_(schedule.id.ToString()),
        open_(open),
        now_(now) {
    decision_.decided_until = schedule.decided_until;
    decision_.remaining_runs = schedule.remaining_runs;
  }

  Decision Run() {
    SkipWhatWasPaused();
    if (const std::optional<absl::Time> last = LastLate()) CatchUpTo(*last);
    RunWhatIsDue();
    LookAhead();
    return std::move(decision_);
  }

 private:
  absl::Time DueAt(absl::Time nominal) const { return recurrence_.DueAt(nominal, key_); }
  std::optional<absl::Time> NextUndecided() const {
    return recurrence_.Next(decision_.decided_until);
  }
  bool IsFull() const { return static_cast<int>(decision_.runs.size()) >= kMaxDecided; }
  bool IsUsedUp() const { return decision_.remaining_runs && *decision_.remaining_runs == 0; }

  void SkipWhatWasPaused() {
    if (!schedule_.skip_until || *schedule_.skip_until <= decision_.decided_until) return;
    const absl::Time until = std::min(*schedule_.skip_until, now_);
    if (const auto last = recurrence_.LastIn(decision_.decided_until, until)) {
      SkipTo(*last, schedule_.skip_reason);
    }
    decision_.decided_until = std::max(decision_.decided_until, until);
  }

  // The last instant that could not be run in time.
  std::optional<absl::Time> LastLate() const {
    const absl::Time late = now_ - kInTime;
    std::optional<absl::Time> last = recurrence_.LastIn(decision_.decided_until, late);
    // Jitter may still be running; that of the one before has ended, as it never goes past the
    // next.
    if (last && DueAt(*last) >= late) {
      last = recurrence_.LastIn(decision_.decided_until, *last - absl::Microseconds(1));
    }
    return last;
  }

  void CatchUpTo(absl::Time last) {
    switch (schedule_.catch_up) {
      case CatchUp::kNone:
        return SkipTo(last, kMissed);
      case CatchUp::kLast:
        SkipTo(last - absl::Microseconds(1), kMissed);
        return RunUpTo(last);
      case CatchUp::kWindow: {
        const absl::Time begin = now_ - schedule_.catch_up_window.value_or(absl::ZeroDuration());
        SkipTo(std::min(begin - absl::Microseconds(1), last), kOutsideWindow);
        return RunUpTo(last);
      }
      case CatchUp::kAll:
        return RunUpTo(last);
    }
  }

  void RunUpTo(absl::Time last) {
    for (auto next = NextUndecided(); next && *next <= last && !IsFull() && !IsUsedUp();
         next = NextUndecided()) {
      RunOne(*next);
    }
  }

  void RunWhatIsDue() {
    for (auto next = NextUndecided(); next && DueAt(*next) <= now_ && !IsFull() && !IsUsedUp();
         next = NextUndecided()) {
      RunOne(*next);
    }
  }

  void RunOne(absl::Time nominal) {
    const bool replaces =
        schedule_.overlap == Overlap::kCancelOther || schedule_.overlap == Overlap::kTerminateOther;
    if (replaces) SupersedeNewRuns();
    const Placement place = Place(schedule_.overlap, open_);
    if (place.stops_started != Stop::kNone) decision_.stops_started = place.stops_started;
    if (place.supersedes_buffered) SupersedeBuffered();
    if (place.state == RunState::kPending) ++open_.started;
    if (place.state == RunState::kBuffered) ++open_.buffered;
    if (place.state != RunState::kSkipped && decision_.remaining_runs) --*decision_.remaining_runs;
    decision_.runs.push_back({nominal, nominal, DueAt(nominal), 1, place.state, place.reason});
    decision_.decided_until = nominal;
  }

  // What makes room for what comes has not run, and does not count.
  void GiveBack(int runs) {
    if (decision_.remaining_runs) *decision_.remaining_runs += runs;
  }

  void SupersedeBuffered() {
    decision_.supersedes_buffered = true;
    GiveBack(open_.buffered);
    open_.buffered = 0;
  }

  // Of this decision: nothing has been started yet.
  void SupersedeNewRuns() {
    for (NewRun& run : decision_.runs) {
      if (run.state == RunState::kSkipped) continue;
      --(run.state == RunState::kPending ? open_.started : open_.buffered);
      GiveBack(1);
      run.state = RunState::kSkipped;
      run.reason = kSuperseded;
    }
  }

  // Skips every undecided instant that is not after `until`.
  void SkipTo(absl::Time until, const std::string& reason) {
    const absl::Time from = decision_.decided_until;
    const int64_t count = recurrence_.CountIn(from, until, kMaxCounted + 1);
    if (count == 0) return;
    if (count <= kMaxSkippedRows) {
      for (auto next = NextUndecided(); next && *next <= until; next = NextUndecided()) {
        Skip(*next, *next, 1, reason);
      }
      return;
    }
    Skip(*recurrence_.Next(from), *recurrence_.LastIn(from, until), static_cast<int>(count),
         reason);
  }

  void Skip(absl::Time first, absl::Time last, int count, const std::string& reason) {
    decision_.runs.push_back({first, last, DueAt(first), count, RunState::kSkipped, reason});
    decision_.decided_until = last;
  }

  void LookAhead() {
    const std::optional<absl::Time> next = NextUndecided();
    if (!next || IsUsedUp()) {
      decision_.status = Status::kCompleted;
      return;
    }
    decision_.next_nominal = next;
    decision_.next_run = DueAt(*next);
  }

  const Schedule& schedule_;
  const Recurrence& recurrence_;
  const std::string key_;
  OpenRuns open_;
  const absl::Time now_;
  Decision decision_;
};

}  // namespace

Placement Place(Overlap overlap, const OpenRuns& open) {
  const bool is_free = open.started == 0 && open.buffered == 0;
  if (is_free || overlap == Overlap::kAllowAll) return {.state = RunState::kPending};
  switch (overlap) {
    case Overlap::kSkip:
      return {.state = RunState::kSkipped, .reason = kOverlapped};
    case Overlap::kBufferOne:
      if (open.buffered > 0) return {.state = RunState::kSkipped, .reason = kBufferFull};
      return {.state = RunState::kBuffered};
    case Overlap::kBufferAll:
      if (open.buffered >= kMaxBuffered) {
        return {.state = RunState::kSkipped, .reason = kBufferFull};
      }
      return {.state = RunState::kBuffered};
    case Overlap::kCancelOther:
      return {.state = RunState::kBuffered,
              .stops_started = Stop::kCancel,
              .supersedes_buffered = true};
    default:
      return {.state = RunState::kPending,
              .stops_started = Stop::kTerminate,
              .supersedes_buffered = true};
  }
}

Decision Decide(const Schedule& schedule, const Recurrence& recurrence, OpenRuns open,
                absl::Time now) {
  return Decider(schedule, recurrence, open, now).Run();
}

}  // namespace penstock::scheduler
