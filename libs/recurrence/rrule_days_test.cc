#include "libs/recurrence/rrule_days.h"

#include <catch2/catch.hpp>

namespace penstock::recurrence {
namespace {

using absl::CivilDay;
using absl::CivilSecond;
using Days = std::vector<CivilDay>;

RruleParts Monthly() {
  return {.start = CivilSecond(2027, 1, 31, 9, 0, 0), .freq = Freq::kMonthly, .has_freq = true};
}

TEST_CASE("what the rule does not say its start does") {
  const RruleParts parts = Monthly();
  const RruleDays days(parts);
  CHECK(days.DaysOfPeriod(CivilDay(2027, 3, 1)) == Days{CivilDay(2027, 3, 31)});
  CHECK(days.DaysOfPeriod(CivilDay(2027, 4, 1)).empty());
}

TEST_CASE("periods go by the interval, and a day in a gap belongs to the one before") {
  RruleParts parts = Monthly();
  parts.interval = 3;
  const RruleDays days(parts);
  CHECK(days.PeriodStart(1) == CivilDay(2027, 4, 1));
  CHECK(days.FirstPeriod(CivilDay(2027, 3, 15)) == 0);
  CHECK(days.FirstPeriod(CivilDay(2027, 4, 15)) == 1);
  CHECK(days.FirstPeriod(CivilDay(2020, 1, 1)) == 0);
}

TEST_CASE("the last Friday is the last of the month, or of the year") {
  RruleParts parts = Monthly();
  parts.weekdays = {{5, -1}};
  CHECK(RruleDays(parts).DaysOfPeriod(CivilDay(2027, 2, 1)) == Days{CivilDay(2027, 2, 26)});
  parts.freq = Freq::kYearly;
  CHECK(RruleDays(parts).DaysOfPeriod(CivilDay(2027, 1, 1)) == Days{CivilDay(2027, 12, 31)});
}

TEST_CASE("the first week of a year may begin in the year before") {
  RruleParts parts = Monthly();
  parts.freq = Freq::kYearly;
  parts.weeks = {1};
  parts.weekdays = {{3, 0}};
  CHECK(RruleDays(parts).DaysOfPeriod(CivilDay(2025, 1, 1)) == Days{CivilDay(2025, 1, 1)});
  parts.weekdays = {{1, 0}};
  CHECK(RruleDays(parts).DaysOfPeriod(CivilDay(2025, 1, 1)) == Days{CivilDay(2024, 12, 30)});
}

}  // namespace
}  // namespace penstock::recurrence
