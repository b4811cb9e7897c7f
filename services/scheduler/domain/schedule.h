// Schedules, what became of their instants, and the words for both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::scheduler {

using ScheduleId = TypedId<struct ScheduleTag>;
using BackfillId = TypedId<struct BackfillTag>;

// What happens when an instant comes while an earlier run has not ended.
enum class Overlap { kSkip, kBufferOne, kBufferAll, kCancelOther, kTerminateOther, kAllowAll };
// Which instants run that could not be run in time.
enum class CatchUp { kNone, kLast, kAll, kWindow };
enum class Status { kActive, kPaused, kCompleted };
enum class Origin { kSchedule, kBackfill, kRunNow };
enum class RunState {
  kPending,   // decided to start
  kBuffered,  // waits for an earlier run to end
  kRunning,
  kCompleted,
  kFailed,
  kCancelled,
  kTimedOut,
  kSkipped,
  kTerminated,
};
// How a later run ends those before it.
enum class Stop { kNone, kCancel, kTerminate };

// As the database has them: "buffer_one".
std::string_view Name(Overlap value);
std::string_view Name(CatchUp value);
std::string_view Name(Status value);
std::string_view Name(Origin value);
std::string_view Name(RunState value);
std::string_view Name(Stop value);
// Nothing for a name that is none.
template <typename Value>
std::optional<Value> FromName(std::string_view name);

// Why an instant did not run, or a run failed.
inline constexpr char kMissed[] = "MISSED";
inline constexpr char kOutsideWindow[] = "OUTSIDE_WINDOW";
inline constexpr char kOverlapped[] = "OVERLAP";
inline constexpr char kBufferFull[] = "BUFFER_FULL";
inline constexpr char kSuperseded[] = "SUPERSEDED";
inline constexpr char kPausedThen[] = "PAUSED";
inline constexpr char kWorkflowNotActive[] = "WORKFLOW_NOT_ACTIVE";
inline constexpr char kStartRefused[] = "START_REFUSED";

struct Schedule {
  TenantId tenant = {};
  ScheduleId id = {};
  WorkflowId workflow = {};
  ProjectId project = {};
  std::string node_id = {};  // of the trigger that declares it; empty = a caller made it
  std::string name = {};
  std::string spec = {};  // JSON, see libs/recurrence/spec_json.h
  Overlap overlap = Overlap::kSkip;
  CatchUp catch_up = CatchUp::kLast;
  std::optional<absl::Duration> catch_up_window = {};
  bool pause_on_failure = false;
  std::optional<int> remaining_runs = {};
  std::string data = "null";    // JSON
  std::string metadata = "{}";  // a JSON object
  Status status = Status::kActive;
  std::string paused_by = {};  // "caller", "workflow", "failure", "spec"; empty when it is not
  std::string note = {};
  absl::Time decided_until = {};  // every instant up to here has its row
  std::optional<absl::Time> skip_until = {};
  std::string skip_reason = {};
  std::optional<absl::Time> next_nominal = {}, next_run = {}, last_run = {};
  int64_t revision = 1;
  absl::Time created_at = {}, updated_at = {};
  // An instant up to here that has no row may have run: old rows are dropped.
  std::optional<absl::Time> forgotten_until = {};
};

struct ScheduleRun {
  ScheduleId schedule = {};
  absl::Time nominal = {};
  Origin origin = Origin::kSchedule;
  RunState state = RunState::kPending;
  std::string reason = {}, note = {};
  absl::Time last_nominal = {};  // of many that were skipped in a row
  int instants = 1;              // how many; 10,001 = more than 10,000
  absl::Time due = {};
  std::optional<absl::Time> started_at = {}, ended_at = {};
  std::optional<ExecutionId> execution = {};
};

struct Backfill {
  TenantId tenant = {};
  BackfillId id = {};
  ScheduleId schedule = {};
  absl::Time start = {}, end = {};  // both included
  Overlap overlap = Overlap::kBufferAll;
  bool is_completed = false;
  absl::Time done_until = {};
  int total = 0, run = 0, earlier = 0;
};

// What keeps every start of an instant to one execution: the schedule, the instant, and the trigger
// node that the execution begins with, if one declares the schedule. The engine reads it, see
// services/workflow_engine/ops/scheduled_start.h.
std::string StartKey(ScheduleId schedule, absl::Time nominal, std::string_view node_id);

}  // namespace penstock::scheduler
