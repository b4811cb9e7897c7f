#include "services/scheduler/storage/backfills.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/scheduler/domain/decision.h"
#include "services/scheduler/storage/queries.h"

namespace penstock::scheduler::storage {
namespace {

using postgres::Array;
using postgres::Connection;
using postgres::Params;
using postgres::Result;

Params Of(TenantId tenant, ScheduleId schedule, const std::vector<absl::Time>& instants) {
  Array<absl::Time> array;
  for (const absl::Time instant : instants) array.Append(instant);
  return std::move(Params().Add(tenant).Add(schedule).Add(std::move(array)));
}

}  // namespace

absl::Status InsertBackfill(Connection& connection, const Backfill& backfill) {
  return connection
      .Execute(kInsertBackfill, Params()
                                    .Add(backfill.tenant)
                                    .Add(backfill.id)
                                    .Add(backfill.schedule)
                                    .Add(backfill.start)
                                    .Add(backfill.end)
                                    .Add(Name(backfill.overlap))
                                    .Add(backfill.done_until)
                                    .Add(int32_t{backfill.total}))
      .status();
}

absl::StatusOr<Backfill> LoadBackfill(Connection& connection, TenantId tenant, BackfillId id) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kLoadBackfill, Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return absl::NotFoundError(fmt::format("no backfill {}", id.ToString()));
  return Backfill{
      .tenant = rows.Get<TenantId>(0, 0),
      .id = rows.Get<BackfillId>(0, 1),
      .schedule = rows.Get<ScheduleId>(0, 2),
      .start = rows.Get<absl::Time>(0, 3),
      .end = rows.Get<absl::Time>(0, 4),
      .overlap = FromName<Overlap>(rows.Get<std::string>(0, 5)).value_or(Overlap::kBufferAll),
      .is_completed = rows.Get<bool>(0, 6),
      .done_until = rows.Get<absl::Time>(0, 7),
      .total = rows.Get<int32_t>(0, 8),
      .run = rows.Get<int32_t>(0, 9),
      .earlier = rows.Get<int32_t>(0, 10)};
}

absl::StatusOr<std::vector<ClaimedBackfill>> ClaimBackfills(Connection& connection, int how_many) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kClaimBackfills, Params().Add(int32_t{how_many})));
  std::vector<ClaimedBackfill> claimed;
  for (int r = 0; r < rows.rows(); ++r) {
    claimed.push_back(
        {rows.Get<TenantId>(r, 0), rows.Get<BackfillId>(r, 1), rows.Get<ScheduleId>(r, 2)});
  }
  return claimed;
}

absl::Status AdvanceBackfill(Connection& connection, const Backfill& backfill,
                             const BackfillStep& step) {
  return connection
      .Execute(kAdvanceBackfill, Params()
                                     .Add(backfill.tenant)
                                     .Add(backfill.id)
                                     .Add(step.done_until)
                                     .Add(int32_t{step.run})
                                     .Add(int32_t{step.earlier})
                                     .Add(step.is_last)
                                     .Add(absl::ToDoubleSeconds(step.pause)))
      .status();
}

absl::StatusOr<std::vector<absl::Time>> FindEarlierRuns(Connection& connection, TenantId tenant,
                                                        ScheduleId schedule,
                                                        const std::vector<absl::Time>& instants) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kFindEarlierRuns, Of(tenant, schedule, instants)));
  std::vector<absl::Time> earlier;
  for (int r = 0; r < rows.rows(); ++r) earlier.push_back(rows.Get<absl::Time>(r, 0));
  return earlier;
}

absl::Status ShrinkSkippedRanges(Connection& connection, TenantId tenant, ScheduleId schedule,
                                 const std::vector<absl::Time>& instants,
                                 const recurrence::Recurrence& recurrence) {
  ASSIGN_OR_RETURN(const Result ranges,
                   connection.Execute(kTakeRange, Of(tenant, schedule, instants)));
  for (int r = 0; r < ranges.rows(); ++r) {
    const absl::Time first = ranges.Get<absl::Time>(r, 0), last = ranges.Get<absl::Time>(r, 1);
    const int32_t count = ranges.Get<int32_t>(r, 2);
    const auto taken = std::ranges::count_if(
        instants, [&](absl::Time instant) { return instant >= first && instant <= last; });
    // More than can be counted stays that.
    const int32_t left =
        count > kMaxCounted ? count : std::max<int32_t>(1, count - static_cast<int32_t>(taken));
    // An instant that has a row of its own already can't name the range.
    for (std::optional<absl::Time> next = recurrence.Next(instants.back()); next && *next <= last;
         next = recurrence.Next(*next)) {
      ASSIGN_OR_RETURN(const Result inserted,
                       connection.Execute(kInsertRange, Params()
                                                            .Add(tenant)
                                                            .Add(schedule)
                                                            .Add(*next)
                                                            .Add(ranges.Get<std::string>(r, 3))
                                                            .Add(last)
                                                            .Add(left)
                                                            .Add(ranges.Get<std::string>(r, 4))
                                                            .Add(*next)));
      if (inserted.affected_rows() > 0) break;
    }
  }
  return absl::OkStatus();
}

}  // namespace penstock::scheduler::storage
