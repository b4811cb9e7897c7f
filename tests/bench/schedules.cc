// How late schedules start what is due, by the record: start of the execution minus due time.
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/schedule_bench.h"

namespace penstock::bench {
namespace {

// The counters of PostgreSQL lag by so much.
constexpr absl::Duration kCounterLag = absl::Milliseconds(1100);
// Schedules are new, and connections and caches cold.
constexpr absl::Duration kWarmUp = absl::Seconds(12);
// The first instants of schedules by the minute are those of the next one.
constexpr absl::Duration kWarmUpByTheMinute = absl::Seconds(65);
// Each is due once in so many seconds.
constexpr int kEvery = 10;

absl::StatusOr<std::string> NextSecond(ScheduleBench& schedules) {
  ASSIGN_OR_RETURN(postgres::Result now,
                   schedules.Sql("SELECT date_trunc('second', clock_timestamp())::text"));
  return now.Get<std::string>(0, 0);
}

// What was due from `begin` on, before `end`; the last of it may still be on its way.
absl::Status SetLateness(ScheduleBench& schedules, const std::string& begin, const std::string& end,
                         Figure& figure) {
  ASSIGN_OR_RETURN(postgres::Result row, schedules.Sql(fmt::format(R"sql(
        SELECT count(*)::float8, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY late), 0),
               coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY late), 0), coalesce(max(late), 0)::float8,
               count(*) FILTER (WHERE state <> 'completed')::float8,
               extract(epoch FROM '{1}'::timestamptz - '{0}'::timestamptz)::float8
        FROM (SELECT state, extract(epoch FROM started_at - due_at)::float8 * 1000 AS late
              FROM schedule.schedule_runs WHERE due_at >= '{0}' AND due_at < '{1}') AS runs)sql",
                                                                   begin, end)));
  figure.Set("per_second", row.Get<double>(0, 0) / row.Get<double>(0, 5));
  figure.Set("late_p50_ms", row.Get<double>(0, 1));
  figure.Set("late_p99_ms", row.Get<double>(0, 2));
  figure.Set("late_max_ms", row.Get<double>(0, 3));
  figure.Set("failed", row.Get<double>(0, 4));
  return absl::OkStatus();
}

// Until nothing that was due before `end` is undecided or under way, a minute at most.
absl::Status AwaitEnd(ScheduleBench& schedules, const std::string& end) {
  for (int i = 0; i < 240; ++i) {
    ASSIGN_OR_RETURN(
        const double open,
        schedules.Number(fmt::format(
            "SELECT (SELECT count(*) FROM schedule.scheduled_events WHERE nextrun < '{0}') + "
            "(SELECT "
            "count(*) FROM schedule.schedule_runs WHERE wake_at IS NOT NULL AND due_at < '{0}')",
            end)));
    if (open == 0) break;
    absl::SleepFor(absl::Milliseconds(250));
  }
  return absl::OkStatus();
}

absl::StatusOr<Figure> MeasureStored(ScheduleBench& schedules, const std::string& variant,
                                     absl::Duration warm_up, absl::Duration duration) {
  absl::SleepFor(warm_up);
  absl::SleepFor(kCounterLag);
  ASSIGN_OR_RETURN(const Cost before, schedules.meter().Read());
  ASSIGN_OR_RETURN(const std::string begin, NextSecond(schedules));
  absl::SleepFor(duration);
  ASSIGN_OR_RETURN(const std::string end, NextSecond(schedules));
  absl::SleepFor(kCounterLag);
  ASSIGN_OR_RETURN(const Cost after, schedules.meter().Read());
  const auto memory = schedules.meter().MemoryMb();
  // What ended while the counters were read, from whenever it was due.
  ASSIGN_OR_RETURN(
      const double ended,
      schedules.Number(fmt::format("SELECT count(*) FROM schedule.schedule_runs WHERE ended_at >= "
                                   "'{}' AND ended_at < clock_timestamp()",
                                   begin)));
  RETURN_IF_ERROR(AwaitEnd(schedules, end));
  Figure figure{"schedules", variant, {}};
  RETURN_IF_ERROR(SetLateness(schedules, begin, end, figure));
  SetCost(after - before, std::max(ended, 1.0), figure);
  SetMemory(memory, figure);
  return figure;
}

absl::Status MeasureRate(Bench& bench, ScheduleBench& schedules, int per_second,
                         const std::string& jitter) {
  const std::string jitter_json =
      jitter.empty() ? "" : fmt::format(R"( || '{{"jitter": "{}"}}')", jitter);
  const std::string spec = fmt::format(
      R"(jsonb_build_object('crons', jsonb_build_array(jsonb_build_object('dialect', 'spring', 'expression', (n % {0}) || '/{0} * * * * *'))){1})",
      kEvery, jitter_json);
  const std::string variant =
      fmt::format("{}/s, {}", per_second, jitter.empty() ? "on the second" : "spread by jitter");
  return bench.Repeat([&]() -> absl::StatusOr<Figure> {
    RETURN_IF_ERROR(schedules.DropAll());
    RETURN_IF_ERROR(schedules.Store(per_second * kEvery, {spec, "now()"}));
    return MeasureStored(schedules, variant, kWarmUp,
                         std::max(bench.options().seconds, absl::Seconds(kEvery)));
  });
}

}  // namespace

absl::Status MeasureSchedules(Bench& bench) {
  ASSIGN_OR_RETURN(std::unique_ptr<ScheduleBench> schedules, ScheduleBench::Create());
  RETURN_IF_ERROR(MeasureRate(bench, *schedules, 100, ""));
  RETURN_IF_ERROR(MeasureRate(bench, *schedules, 1000, ""));
  RETURN_IF_ERROR(MeasureRate(bench, *schedules, 1000, "1s"));
  RETURN_IF_ERROR(schedules->DropAll());
  // An hour's instants, 28 a second: each schedule at its minute, spread over it.
  RETURN_IF_ERROR(schedules->Store(
      100'000,
      {R"(jsonb_build_object('crons', jsonb_build_array(jsonb_build_object('expression', (n % 60) || ' * * * *')), 'jitter', '60s'))",
       "now()"}));
  // The scheduler finds out when each is due.
  const absl::Time begin = absl::Now();
  while (absl::Now() < begin + absl::Minutes(5)) {
    ASSIGN_OR_RETURN(const double undecided,
                     schedules->Number("SELECT count(*) FROM schedule.scheduled_events WHERE "
                                       "next_nominal IS NULL"));
    if (undecided == 0) break;
    absl::SleepFor(absl::Seconds(1));
  }
  ASSIGN_OR_RETURN(Figure figure,
                   MeasureStored(*schedules, "100,000 stored, 28/s", kWarmUpByTheMinute,
                                 std::max(bench.options().seconds * 6, absl::Seconds(kEvery))));
  bench.Print(figure);
  return absl::OkStatus();
}

}  // namespace penstock::bench
