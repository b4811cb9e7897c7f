// What can be asked about the instants of a schedule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/scheduler/ops/schedules.h"

namespace penstock::scheduler {

// Also while the schedule is paused. The instant is now; it does not count against a limit of runs.
absl::StatusOr<ScheduleRun> RunNow(const ScheduleContext& context, const auth::CallContext& caller,
                                   ScheduleId id, std::optional<Overlap> overlap);

struct BackfillRequest {
  ScheduleId schedule = {};
  absl::Time start = {}, end = {};
  Overlap overlap = Overlap::kBufferAll;
};
inline constexpr int kMaxBackfilled = 10'000;
// INVALID_ARGUMENT for a range that is not past, or has no instant or too many.
absl::StatusOr<Backfill> StartBackfill(const ScheduleContext& context,
                                       const auth::CallContext& caller,
                                       const BackfillRequest& request);
absl::StatusOr<Backfill> GetBackfill(const ScheduleContext& context,
                                     const auth::CallContext& caller, BackfillId id);

struct PreviewRequest {
  std::optional<ScheduleId> schedule = {};  // or else `spec`
  recurrence::Spec spec = {};
  int count = 10;
  std::optional<absl::Time> after = {};
};
struct PreviewedInstant {
  absl::Time nominal;
  std::string local;  // as the clock of the zone shows it
  std::optional<absl::Time> due;
};
absl::StatusOr<std::vector<PreviewedInstant>> Preview(const ScheduleContext& context,
                                                      const auth::CallContext& caller,
                                                      const PreviewRequest& request);

struct ListRunsRequest {
  ScheduleId schedule = {};
  int32_t page_size = 0;
  std::string page_token = {};
  std::optional<RunState> state = {};
};
absl::StatusOr<paging::Page<ScheduleRun>> ListRuns(const ScheduleContext& context,
                                                   const auth::CallContext& caller,
                                                   const ListRunsRequest& request);

}  // namespace penstock::scheduler
