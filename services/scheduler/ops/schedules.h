// What can be asked about schedules.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "libs/recurrence/recurrence.h"
#include "services/scheduler/domain/schedule.h"
#include "services/scheduler/storage/schedules.h"

namespace penstock::scheduler {

// Owned by App; all outlive it.
struct ScheduleContext {
  postgres::Pool& pool;
  const Clock& clock;  // for ids and nothing else: the database's time decides
  // Called after a commit that may have made something due.
  std::function<void()> wake;
};

// Reasons of FAILED_PRECONDITION.
inline constexpr char kTriggerSchedule[] =
    "TRIGGER_SCHEDULE";  // a trigger node declares it: publish another version
inline constexpr char kScheduleStatus[] = "SCHEDULE_STATUS";  // its status does not allow it

// The schedule, if this caller can see it; NOT_FOUND also outside the project that its key is
// limited to.
absl::StatusOr<Schedule> FindSchedule(postgres::Connection& connection,
                                      const auth::CallContext& caller, ScheduleId id,
                                      storage::Lock lock);
postgres::Scope ScopeOf(const auth::CallContext& caller);
// INVALID_ARGUMENT, fields below `field`, also for a spec that was stored and can't be read any
// more.
absl::StatusOr<recurrence::Recurrence> RecurrenceOf(const std::string& spec,
                                                    std::string_view field = "spec");

struct NewSchedule {
  WorkflowId workflow = {};
  std::string name = {};
  recurrence::Spec spec = {};
  Overlap overlap = Overlap::kSkip;
  CatchUp catch_up = CatchUp::kLast;
  std::optional<absl::Duration> catch_up_window = {};
  bool pause_on_failure = false;
  std::optional<int> remaining_runs = {};
  std::string data = "null", metadata = "{}";  // JSON
  std::string request_id = {};
};

struct ScheduleChange {
  ScheduleId id = {};
  std::string etag = {};
  std::optional<std::string> name = {}, data = {}, metadata = {};
  std::optional<recurrence::Spec> spec = {};
  std::optional<Overlap> overlap = {};
  struct Catching {
    CatchUp mode = CatchUp::kLast;
    std::optional<absl::Duration> window = {};
  };
  std::optional<Catching> catch_up = {};
  std::optional<bool> pause_on_failure = {};
  struct Limit {
    std::optional<int> runs = {};
  };
  std::optional<Limit> limit = {};
};

// A repeated request id returns the schedule it made; ALREADY_EXISTS (REQUEST_ID_REUSED) when it
// asks for something else. INVALID_ARGUMENT for a spec without an instant to come; NOT_FOUND for a
// workflow that is none of the caller's.
absl::StatusOr<Schedule> CreateSchedule(const ScheduleContext& context,
                                        const auth::CallContext& caller,
                                        const NewSchedule& schedule);
absl::StatusOr<Schedule> GetSchedule(const ScheduleContext& context,
                                     const auth::CallContext& caller, ScheduleId id);
struct ListRequest {
  int32_t page_size = 0;
  std::string page_token = {};
  std::optional<WorkflowId> workflow = {};
  std::optional<Status> status = {};
};
absl::StatusOr<paging::Page<Schedule>> ListSchedules(const ScheduleContext& context,
                                                     const auth::CallContext& caller,
                                                     const ListRequest& request);
// ABORTED (ETAG_MISMATCH) when it is not as the etag says.
absl::StatusOr<Schedule> UpdateSchedule(const ScheduleContext& context,
                                        const auth::CallContext& caller,
                                        const ScheduleChange& change);
absl::Status DeleteSchedule(const ScheduleContext& context, const auth::CallContext& caller,
                            ScheduleId id);
absl::StatusOr<Schedule> PauseSchedule(const ScheduleContext& context,
                                       const auth::CallContext& caller, ScheduleId id,
                                       const std::string& note);
// What passed meanwhile is recorded as skipped, by the scheduler and not here.
absl::StatusOr<Schedule> ResumeSchedule(const ScheduleContext& context,
                                        const auth::CallContext& caller, ScheduleId id);

std::string EtagOf(const Schedule& schedule);

}  // namespace penstock::scheduler
