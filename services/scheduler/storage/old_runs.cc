#include "services/scheduler/storage/old_runs.h"

#include <algorithm>
#include <utility>

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/storage/queries.h"
#include "services/scheduler/storage/runs.h"

namespace penstock::scheduler::storage {

using postgres::Connection;
using postgres::Params;
using postgres::Pipeline;
using postgres::Result;

absl::StatusOr<OldRuns> FindOldRuns(Connection& connection, absl::Time since, absl::Duration age,
                                    int how_many) {
  ASSIGN_OR_RETURN(
      const Result rows,
      connection.Execute(
          kFindOldRuns,
          Params().Add(since).Add(absl::ToDoubleSeconds(age)).Add(int32_t{how_many})));
  OldRuns old;
  for (int r = 0; r < rows.rows(); ++r) {
    old.schedules[rows.Get<TenantId>(r, 0)].push_back(rows.Get<ScheduleId>(r, 1));
    old.until = std::max(old.until, rows.Get<absl::Time>(r, 2));
  }
  for (auto& [tenant, schedules] : old.schedules) {
    std::ranges::sort(schedules);
    schedules.erase(std::unique(schedules.begin(), schedules.end()), schedules.end());
  }
  return old;
}

absl::StatusOr<int64_t> DropOldRuns(Connection& connection, TenantId tenant,
                                    const std::vector<ScheduleId>& schedules, const Keep& keep,
                                    int limit) {
  Pipeline pipeline;
  pipeline.Add(kSetTenant, std::move(Params().Add(tenant.ToString())));
  // Who begins a backfill holds the row, too.
  pipeline.Add(kLockSchedules, std::move(Params().Add(tenant).Add(ArrayOf(schedules))));
  pipeline.Add(kDropOldRuns, std::move(Params()
                                           .Add(tenant)
                                           .Add(ArrayOf(schedules))
                                           .Add(absl::ToDoubleSeconds(keep.age))
                                           .Add(int64_t{keep.latest})
                                           .Add(int64_t{limit})));
  ASSIGN_OR_RETURN(const std::vector<Result> results, pipeline.Run(connection));
  return results[2].Get<int64_t>(0, 0);
}

}  // namespace penstock::scheduler::storage
