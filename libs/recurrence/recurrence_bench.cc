// How long a preview of 1,000 instants takes: bazel run -c opt //libs/recurrence:recurrence_bench
#include <chrono>
#include <cstdio>

#include "absl/time/time.h"
#include "libs/recurrence/recurrence.h"

namespace penstock::recurrence {
namespace {

constexpr int kInstants = 1000;
constexpr int kRounds = 20;

void Measure(const char* name, const Spec& spec) {
  const absl::StatusOr<Recurrence> recurrence = Recurrence::Create(spec);
  if (!recurrence.ok()) {
    std::fprintf(stderr, "%s: %s\n", name, recurrence.status().ToString().c_str());
    return;
  }
  const absl::Time after = absl::FromUnixSeconds(1'800'000'000);
  size_t found = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round)
    found += recurrence->Upcoming(after, kInstants).size();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  std::printf("%-40s %8.3f ms for %zu instants\n", name, took.count() / kRounds, found / kRounds);
}

Spec OfCron(const char* expression, Dialect dialect = Dialect::kVixie) {
  return {.rules = {.crons = {{dialect, expression}}}, .time_zone = "Europe/Berlin"};
}

}  // namespace

void Run() {
  Measure("every minute", OfCron("* * * * *"));
  Measure("weekdays at nine", OfCron("0 9 * * mon-fri"));
  Measure("the last Friday of a month", OfCron("0 0 9 ? * 6L", Dialect::kQuartz));
  Measure("the 29th of February", OfCron("0 0 29 2 *"));
  Measure("an RRULE of months",
          {.rules = {.rrules = {"DTSTART:20200131T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR"}},
           .time_zone = "Europe/Berlin"});
  Measure(
      "an RRULE of years",
      {.rules = {.rrules = {"DTSTART:20200131T090000\nRRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"}}});
  Measure("every five minutes", {.rules = {.intervals = {{absl::Minutes(5), {}}}}});
  Spec holidays = OfCron("*/10 9-17 * * mon-fri");
  for (int day = 1; day <= 28; ++day)
    holidays.exclusions.dates.push_back(absl::CivilDay(2027, 12, day));
  Measure("working hours but for holidays", holidays);
}

}  // namespace penstock::recurrence

int main() { penstock::recurrence::Run(); }
