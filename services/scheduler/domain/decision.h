// What becomes of the instants of a schedule that are due: which start, which wait, which are
// skipped and why. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/recurrence/recurrence.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler {

// An instant that is decided later than this after it was due could not be run in time: catch-up
// says what becomes of it.
inline constexpr absl::Duration kInTime = absl::Seconds(10);
// So many instants are decided at once at most; the rest follows at once.
inline constexpr int kMaxDecided = 100;
// Skipped instants in a row that get a row each; more become one row.
inline constexpr int kMaxSkippedRows = 100;
// Instants of one row are counted up to here, and one more means "more".
inline constexpr int kMaxCounted = 10'000;
inline constexpr int kMaxBuffered = 1000;

// The runs of a schedule that have not ended.
struct OpenRuns {
  int started = 0;  // pending or running
  int buffered = 0;
};

struct NewRun {
  absl::Time nominal = {}, last_nominal = {}, due = {};
  int instants = 1;
  RunState state = RunState::kPending;  // or buffered, or skipped
  std::string reason = {};
};

// How an instant fares beside the runs that are open.
struct Placement {
  RunState state = RunState::kPending;
  std::string reason = {};
  Stop stops_started = Stop::kNone;
  bool supersedes_buffered = false;
};
Placement Place(Overlap overlap, const OpenRuns& open);

struct Decision {
  std::vector<NewRun> runs = {};
  Stop stops_started = Stop::kNone;  // those that were open before
  bool supersedes_buffered =
      false;  // those that were buffered before, and those among `runs` already are
  absl::Time decided_until = {};
  std::optional<absl::Time> next_nominal = {}, next_run = {};  // none when completed
  std::optional<int> remaining_runs = {};
  Status status = Status::kActive;
};

Decision Decide(const Schedule& schedule, const recurrence::Recurrence& recurrence, OpenRuns open,
                absl::Time now);

}  // namespace penstock::scheduler
