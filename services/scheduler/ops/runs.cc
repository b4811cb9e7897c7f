#include "services/scheduler/ops/runs.h"

#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "libs/recurrence/spec_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/scheduler/domain/decision.h"
#include "services/scheduler/domain/start_input.h"
#include "services/scheduler/storage/backfills.h"
#include "services/scheduler/storage/runs.h"

namespace penstock::scheduler {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;
using recurrence::Recurrence;
using storage::Lock;

absl::StatusOr<OpenRuns> CountOpen(Connection& connection, const Schedule& schedule) {
  ASSIGN_OR_RETURN(const std::vector<storage::OpenRun> runs,
                   storage::LoadOpenRuns(connection, schedule.tenant, {schedule.id}));
  OpenRuns open;
  for (const storage::OpenRun& run : runs) {
    ++(run.state == RunState::kBuffered ? open.buffered : open.started);
  }
  return open;
}

// An instant as the position of a page: its microseconds.
absl::StatusOr<std::optional<absl::Time>> TimeAt(const std::string& position) {
  if (position.empty()) return std::optional<absl::Time>();
  int64_t micros = 0;
  const char* const end = position.data() + position.size();
  const auto [stopped, error] = std::from_chars(position.data(), end, micros);
  if (error != std::errc() || stopped != end) {
    return InvalidField("page_token", "is not one of ours");
  }
  return std::optional(absl::FromUnixMicros(micros));
}

struct SpecToPreview {
  recurrence::Spec spec;
  std::string key;  // of the jitter; empty = not known
};

absl::StatusOr<SpecToPreview> FindSpec(Connection& connection, const CallContext& caller,
                                       const PreviewRequest& request) {
  if (!request.schedule) return SpecToPreview{request.spec, ""};
  ASSIGN_OR_RETURN(const Schedule schedule,
                   FindSchedule(connection, caller, *request.schedule, Lock::kNone));
  const auto json = nlohmann::json::parse(schedule.spec, nullptr, /*allow_exceptions=*/false);
  ASSIGN_OR_RETURN(recurrence::Spec spec, recurrence::SpecFromJson(json));
  return SpecToPreview{std::move(spec), schedule.id.ToString()};
}

absl::StatusOr<ScheduleRun> InsertRunNow(Connection& connection, const CallContext& caller,
                                         ScheduleId id, std::optional<Overlap> asked) {
  ASSIGN_OR_RETURN(const Schedule schedule, FindSchedule(connection, caller, id, Lock::kForChange));
  ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
  ASSIGN_OR_RETURN(const OpenRuns open, CountOpen(connection, schedule));
  const Overlap overlap = asked.value_or(schedule.overlap);
  const Placement place = Place(overlap, open);
  RETURN_IF_ERROR(storage::StopStarted(connection, caller.tenant, {id}, place.stops_started));
  if (place.supersedes_buffered) {
    RETURN_IF_ERROR(storage::SkipBuffered(connection, caller.tenant, {id}, kSuperseded));
  }
  const NewRun run{now, now, now, 1, place.state, place.reason};
  const storage::RunToInsert item{id, run, Origin::kRunNow, overlap,
                                  StartInput(schedule, now, now, now, Origin::kRunNow)};
  RETURN_IF_ERROR(storage::InsertRuns(connection, caller.tenant, {item}));
  return storage::LoadRun(connection, caller.tenant, id, now);
}

absl::StatusOr<Backfill> InsertBackfill(Connection& connection, const CallContext& caller,
                                        const BackfillRequest& request, BackfillId id) {
  ASSIGN_OR_RETURN(const Schedule schedule,
                   FindSchedule(connection, caller, request.schedule, Lock::kForChange));
  ASSIGN_OR_RETURN(const Recurrence recurrence, RecurrenceOf(schedule.spec));
  ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
  if (request.end < request.start) return InvalidField("end_time", "is before start_time");
  if (request.end >= now) return InvalidField("end_time", "must be past");
  if (schedule.forgotten_until && request.start <= *schedule.forgotten_until) {
    return InvalidField("start_time",
                        fmt::format("must be after {}: what ran up to then is not on record any "
                                    "more, and must not run twice",
                                    absl::FormatTime(absl::RFC3339_full, *schedule.forgotten_until,
                                                     absl::UTCTimeZone())));
  }
  const absl::Time from = request.start - absl::Microseconds(1);
  const int64_t total = recurrence.CountIn(from, request.end, kMaxBackfilled + 1);
  if (total == 0) return InvalidField("start_time", "there is no instant in this range");
  if (total > kMaxBackfilled) {
    return InvalidField(
        "end_time",
        fmt::format("the range has more than {} instants: take less at once", kMaxBackfilled));
  }
  const Backfill backfill{.tenant = caller.tenant,
                          .id = id,
                          .schedule = request.schedule,
                          .start = request.start,
                          .end = request.end,
                          .overlap = request.overlap,
                          .done_until = from,
                          .total = static_cast<int>(total)};
  RETURN_IF_ERROR(storage::InsertBackfill(connection, backfill));
  return storage::LoadBackfill(connection, caller.tenant, id);
}

}  // namespace

absl::StatusOr<ScheduleRun> RunNow(const ScheduleContext& context, const CallContext& caller,
                                   ScheduleId id, std::optional<Overlap> overlap) {
  absl::StatusOr<ScheduleRun> run = RunInTransactionReturning<ScheduleRun>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return InsertRunNow(connection, caller, id, overlap); });
  if (run.ok()) context.wake();
  return run;
}

absl::StatusOr<Backfill> StartBackfill(const ScheduleContext& context, const CallContext& caller,
                                       const BackfillRequest& request) {
  const BackfillId id = BackfillId::Make(context.clock.Now());
  absl::StatusOr<Backfill> backfill = RunInTransactionReturning<Backfill>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return InsertBackfill(connection, caller, request, id); });
  if (backfill.ok()) context.wake();
  return backfill;
}

absl::StatusOr<Backfill> GetBackfill(const ScheduleContext& context, const CallContext& caller,
                                     BackfillId id) {
  return RunInTransactionReturning<Backfill>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Backfill> {
        ASSIGN_OR_RETURN(Backfill backfill, storage::LoadBackfill(connection, caller.tenant, id));
        // In the words of what was asked for.
        if (!FindSchedule(connection, caller, backfill.schedule, Lock::kNone).ok()) {
          return absl::NotFoundError(fmt::format("no backfill {}", id.ToString()));
        }
        return backfill;
      });
}

absl::StatusOr<std::vector<PreviewedInstant>> Preview(const ScheduleContext& context,
                                                      const CallContext& caller,
                                                      const PreviewRequest& request) {
  absl::Time after;
  const auto look = [&](Connection& connection) -> absl::StatusOr<SpecToPreview> {
    ASSIGN_OR_RETURN(const absl::Time now, storage::Now(connection));
    after = request.after.value_or(now);
    return FindSpec(connection, caller, request);
  };
  ASSIGN_OR_RETURN(const SpecToPreview found,
                   RunInTransactionReturning<SpecToPreview>(context.pool, ScopeOf(caller), look));
  ASSIGN_OR_RETURN(const Recurrence recurrence, Recurrence::Create(found.spec));
  const absl::TimeZone zone =
      recurrence::FindZone(found.spec.time_zone).value_or(absl::UTCTimeZone());
  std::vector<PreviewedInstant> instants;
  for (const absl::Time nominal : recurrence.Upcoming(after, request.count)) {
    PreviewedInstant& instant = instants.emplace_back();
    instant.nominal = nominal;
    instant.local = absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", nominal, zone);
    if (!found.key.empty()) instant.due = recurrence.DueAt(nominal, found.key);
  }
  return instants;
}

absl::StatusOr<paging::Page<ScheduleRun>> ListRuns(const ScheduleContext& context,
                                                   const CallContext& caller,
                                                   const ListRunsRequest& request) {
  const std::string list = fmt::format("schedule_runs/{}/{}", request.schedule.ToString(),
                                       request.state ? Name(*request.state) : "");
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(request.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<absl::Time> before, TimeAt(position));
  return RunInTransactionReturning<paging::Page<ScheduleRun>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<ScheduleRun>> {
        RETURN_IF_ERROR(FindSchedule(connection, caller, request.schedule, Lock::kNone).status());
        paging::Page<ScheduleRun> page;
        ASSIGN_OR_RETURN(const int64_t total, storage::CountRuns(connection, caller.tenant,
                                                                 request.schedule, request.state));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListRuns(connection, caller.tenant, request.schedule,
                                                       request.state, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          const int64_t last = absl::ToUnixMicros(page.items.back().nominal);
          page.next_page_token = paging::MakePageToken(fmt::format("{}", last), list);
        }
        return page;
      });
}

}  // namespace penstock::scheduler
