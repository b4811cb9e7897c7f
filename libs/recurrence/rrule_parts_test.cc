#include "libs/recurrence/rrule_parts.h"

#include <catch2/catch.hpp>

namespace penstock::recurrence {
namespace {

using absl::CivilSecond;

std::string Problem(const std::string& text) {
  return std::string(ReadRrule(text).status().message());
}

TEST_CASE("a rule is read part by part, whatever its case") {
  const absl::StatusOr<WrittenRrule> rule = ReadRrule(
      "dtstart;tzid=Europe/Berlin:20270131T090000\r\n"
      "rrule:freq=monthly;interval=2;byday=-1FR,MO;bymonthday=-1,3;wkst=su;until=20280101");
  REQUIRE(rule.ok());
  const RruleParts& parts = rule->parts;
  CHECK(rule->zone == "Europe/Berlin");
  CHECK(parts.start == CivilSecond(2027, 1, 31, 9, 0, 0));
  CHECK(parts.freq == Freq::kMonthly);
  CHECK(parts.interval == 2);
  REQUIRE(parts.weekdays.size() == 2);
  CHECK(parts.weekdays[0].weekday == 5);
  CHECK(parts.weekdays[0].nth == -1);
  CHECK(parts.weekdays[1].nth == 0);
  CHECK(parts.month_days == std::set<int>{-1, 3});
  CHECK(parts.week_start == 0);
  // A date is its whole day.
  CHECK(parts.until == CivilSecond(2028, 1, 1, 23, 59, 59));
  CHECK_FALSE(rule->until);
}

TEST_CASE("a time with Z is an instant, not one of the zone") {
  const absl::StatusOr<WrittenRrule> rule =
      ReadRrule("DTSTART:20270131T090000Z\nRRULE:FREQ=DAILY;UNTIL=20270201T000000Z");
  REQUIRE(rule.ok());
  CHECK(rule->zone == "UTC");
  CHECK(rule->until == absl::FromUnixSeconds(1'801'440'000));
  CHECK_FALSE(rule->parts.until);
}

TEST_CASE("what a rule can't say is refused, naming the part") {
  const std::string start = "DTSTART:19970902T090000\n";
  CHECK(Problem("RRULE:FREQ=DAILY").find("DTSTART") != std::string::npos);
  CHECK(Problem(start).find("RRULE") != std::string::npos);
  CHECK(Problem(start + "RRULE:COUNT=1").find("FREQ") != std::string::npos);
  CHECK(Problem(start + "RRULE:FREQ=DAILY;BYDAY=1MO").find("BYDAY") != std::string::npos);
  CHECK(Problem(start + "RRULE:FREQ=WEEKLY;BYMONTHDAY=3").find("BYMONTHDAY") != std::string::npos);
  CHECK(Problem(start + "RRULE:FREQ=DAILY;BYHOUR=24").find("BYHOUR") != std::string::npos);
  CHECK(Problem(start + "RRULE:FREQ=DAILY;COUNT=1;UNTIL=19980101").find("COUNT") !=
        std::string::npos);
  CHECK(Problem(start + "RRULE:FREQ=FORTNIGHTLY").find("FORTNIGHTLY") != std::string::npos);
  CHECK(Problem(start + "EXDATE:19970902T090000").find("EXDATE") != std::string::npos);
  CHECK(Problem("DTSTART:19970230T090000\nRRULE:FREQ=DAILY").find("DTSTART") != std::string::npos);
}

}  // namespace
}  // namespace penstock::recurrence
