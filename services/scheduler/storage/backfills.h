// Backfills of one tenant.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "libs/recurrence/recurrence.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler::storage {

absl::Status InsertBackfill(postgres::Connection& connection, const Backfill& backfill);
// NOT_FOUND when the tenant has no such backfill.
absl::StatusOr<Backfill> LoadBackfill(postgres::Connection& connection, TenantId tenant,
                                      BackfillId id);

struct ClaimedBackfill {
  TenantId tenant;
  BackfillId backfill;
  ScheduleId schedule;
};
// Of all tenants; locked until the transaction ends.
absl::StatusOr<std::vector<ClaimedBackfill>> ClaimBackfills(postgres::Connection& connection,
                                                            int how_many);
struct BackfillStep {
  absl::Time done_until = {};
  int run = 0, earlier = 0;
  bool is_last = false;
  absl::Duration pause = {};  // before the next one
};
absl::Status AdvanceBackfill(postgres::Connection& connection, const Backfill& backfill,
                             const BackfillStep& step);

// Those of `instants` that have run, or are about to.
absl::StatusOr<std::vector<absl::Time>> FindEarlierRuns(postgres::Connection& connection,
                                                        TenantId tenant, ScheduleId schedule,
                                                        const std::vector<absl::Time>& instants);
// Makes room for rows of `instants` where one row says of many that they were skipped: it goes on
// with what comes after them.
absl::Status ShrinkSkippedRanges(postgres::Connection& connection, TenantId tenant,
                                 ScheduleId schedule, const std::vector<absl::Time>& instants,
                                 const recurrence::Recurrence& recurrence);

}  // namespace penstock::scheduler::storage
