// PreviewSchedule for 1,000 instants: the calculation, and the way there and back.
#include <chrono>
#include <utility>

#include "libs/status/macros.h"
#include "tests/bench/latencies.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/schedule_bench.h"

namespace penstock::bench {
namespace {

namespace v1 = scheduler::v1;

constexpr int kInstants = 1000;
constexpr int kCalls = 50;

v1::PreviewScheduleRequest OfCron(const char* expression,
                                  v1::CronDialect dialect = v1::CRON_DIALECT_VIXIE) {
  v1::PreviewScheduleRequest request;
  v1::Cron& cron = *request.mutable_spec()->add_crons();
  cron.set_dialect(dialect);
  cron.set_expression(expression);
  request.mutable_spec()->set_time_zone("Europe/Berlin");
  return request;
}

v1::PreviewScheduleRequest OfRrule(const char* rrule) {
  v1::PreviewScheduleRequest request;
  request.mutable_spec()->add_rrules(rrule);
  request.mutable_spec()->set_time_zone("Europe/Berlin");
  return request;
}

v1::PreviewScheduleRequest WorkingHours() {
  v1::PreviewScheduleRequest request = OfCron("*/10 9-17 * * mon-fri");
  for (int day = 10; day <= 28; ++day) {
    request.mutable_spec()->mutable_exclusions()->add_dates("2027-12-" + std::to_string(day));
  }
  return request;
}

absl::StatusOr<Figure> MeasureOne(ScheduleBench& schedules, const std::string& variant,
                                  v1::PreviewScheduleRequest request) {
  request.set_count(kInstants);
  request.mutable_after_time()->set_seconds(1'800'000'000);
  Latencies latencies;
  int failed = 0;
  for (int i = 0; i < kCalls; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const absl::StatusOr<v1::PreviewScheduleResponse> preview =
        schedules.deployment().clients().Call(&v1::ScheduleService::Stub::PreviewSchedule,
                                              schedules.schedules(), request);
    latencies.Add(std::chrono::steady_clock::now() - begin);
    failed += !preview.ok() || preview->instants_size() == 0;
  }
  Figure figure{"preview", variant, {}};
  SetLatencies(latencies, figure);
  figure.Set("failed", failed);
  return figure;
}

}  // namespace

absl::Status MeasurePreview(Bench& bench) {
  ASSIGN_OR_RETURN(std::unique_ptr<ScheduleBench> schedules, ScheduleBench::Create());
  const std::pair<const char*, v1::PreviewScheduleRequest> kSpecs[] = {
      {"every minute", OfCron("* * * * *")},
      {"weekdays at nine", OfCron("0 9 * * mon-fri")},
      {"last Friday of a month", OfCron("0 0 9 ? * 6L", v1::CRON_DIALECT_QUARTZ)},
      {"29th of February", OfCron("0 0 29 2 *")},
      {"RRULE, months", OfRrule("DTSTART:20200131T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR")},
      {"RRULE, weeks of a year",
       OfRrule("DTSTART:20200131T090000\nRRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO")},
      {"working hours, with holidays", WorkingHours()},
  };
  for (const auto& [variant, request] : kSpecs) {
    RETURN_IF_ERROR(bench.Repeat([&] { return MeasureOne(*schedules, variant, request); }));
  }
  return absl::OkStatus();
}

}  // namespace penstock::bench
