#include "services/scheduler/ops/retention.h"

#include <utility>

#include "libs/status/macros.h"
#include "services/scheduler/storage/old_runs.h"

namespace penstock::scheduler {
namespace {

using postgres::Connection;

constexpr int kAtOnce = 1000;
constexpr int kMaxRounds = 200;

// All that is old of these schedules.
absl::StatusOr<int64_t> DropAll(postgres::Pool& pool, TenantId tenant,
                                const std::vector<ScheduleId>& schedules,
                                const storage::Keep& keep) {
  int64_t all = 0;
  for (int64_t dropped = kAtOnce; dropped == kAtOnce; all += dropped) {
    ASSIGN_OR_RETURN(dropped, postgres::RunInTransactionReturning<int64_t>(
                                  pool, {}, [&](Connection& connection) {
                                    return storage::DropOldRuns(connection, tenant, schedules, keep,
                                                                kAtOnce);
                                  }));
  }
  return all;
}

}  // namespace

absl::StatusOr<int64_t> RunRetention::Run() {
  int64_t all = 0;
  for (int round = 0; round < kMaxRounds; ++round) {
    ASSIGN_OR_RETURN(const storage::OldRuns old,
                     postgres::RunInTransactionReturning<storage::OldRuns>(
                         pool_, {}, [&](Connection& connection) {
                           return storage::FindOldRuns(connection, done_until_, age_, kAtOnce);
                         }));
    if (old.schedules.empty()) break;
    for (const auto& [tenant, schedules] : old.schedules) {
      ASSIGN_OR_RETURN(const int64_t dropped,
                       DropAll(pool_, tenant, schedules, {age_, kLatestKept}));
      all += dropped;
    }
    done_until_ = old.until;
  }
  return all;
}

}  // namespace penstock::scheduler
