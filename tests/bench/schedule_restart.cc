// A scheduler that is killed and started again with very many schedules stored.
#include <chrono>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/latencies.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/schedule_bench.h"

namespace penstock::bench {
namespace {

double SecondsSince(SteadyTime begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

absl::Status MeasureScheduleRestart(Bench& bench) {
  ASSIGN_OR_RETURN(std::unique_ptr<ScheduleBench> schedules, ScheduleBench::Create());
  harness::Service& scheduler = schedules->deployment().scheduler();
  scheduler.Kill();
  // Each once a day, at any minute; and one every second.
  const int count = bench.options().schedules;
  RETURN_IF_ERROR(schedules->Store(
      count,
      {R"(jsonb_build_object('crons', jsonb_build_array(jsonb_build_object('expression', (n % 60) || ' ' || (n / 60 % 24) || ' * * *'))))",
       "now() + (1 + random() * 86399) * interval '1 second'"}));
  RETURN_IF_ERROR(schedules->Store(1, {R"('{"intervals": [{"every": "1s"}]}'::jsonb)", "now()"}));
  const SteadyTime begin = std::chrono::steady_clock::now();
  RETURN_IF_ERROR(scheduler.Launch());
  RETURN_IF_ERROR(scheduler.AwaitReady(absl::Minutes(2)));
  const double ready = SecondsSince(begin);
  double started = 0;
  while (started == 0 && SecondsSince(begin) < 120) {
    ASSIGN_OR_RETURN(started, schedules->Number("SELECT count(*) FROM schedule.schedule_runs WHERE "
                                                "started_at IS NOT NULL"));
  }
  if (started == 0) return absl::DeadlineExceededError("nothing started after two minutes");
  Figure figure{"schedule-restart", fmt::format("{} schedules stored", count), {}};
  figure.Set("ready_seconds", ready);
  figure.Set("first_start_seconds", SecondsSince(begin));
  absl::SleepFor(absl::Seconds(5));
  SetMemory(schedules->meter().MemoryMb(), figure);
  bench.Print(figure);
  return absl::OkStatus();
}

}  // namespace penstock::bench
