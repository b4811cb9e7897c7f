#include "libs/cron/cron.h"

#include <catch2/catch.hpp>
#include <string>

namespace penstock {
namespace {

absl::Time At(const char* text) {
  absl::Time time;
  std::string error;
  REQUIRE(absl::ParseTime(absl::RFC3339_full, text, &time, &error));
  return time;
}

std::string Next(const char* expression, const char* after, const char* zone_name = "UTC") {
  absl::TimeZone zone;
  REQUIRE(absl::LoadTimeZone(zone_name, &zone));
  const auto cron = CronExpression::Parse(expression);
  INFO(cron.status().ToString());
  REQUIRE(cron.ok());
  return absl::FormatTime("%Y-%m-%dT%H:%MZ", *cron->NextAfter(At(after), zone),
                          absl::UTCTimeZone());
}

TEST_CASE("the next instant lies after the one given, never on it") {
  CHECK(Next("* * * * *", "2026-03-01T10:00:00Z") == "2026-03-01T10:01Z");
  CHECK(Next("* * * * *", "2026-03-01T10:00:59Z") == "2026-03-01T10:01Z");
  CHECK(Next("0 9 * * *", "2026-03-01T09:00:00Z") == "2026-03-02T09:00Z");
  CHECK(Next("0 9 * * *", "2026-03-01T08:59:59Z") == "2026-03-01T09:00Z");
}

TEST_CASE("lists, ranges, steps and names are read") {
  CHECK(Next("*/15 * * * *", "2026-03-01T10:46:00Z") == "2026-03-01T11:00Z");
  CHECK(Next("5,50-52 8 * * *", "2026-03-01T08:05:00Z") == "2026-03-01T08:50Z");
  CHECK(Next("0 0 * FEB mon", "2026-03-01T00:00:00Z") == "2027-02-01T00:00Z");
  CHECK(Next("0 0 * * 7", "2026-03-02T00:00:00Z") == "2026-03-08T00:00Z");
  CHECK(Next("0 0 29 2 *", "2026-03-01T00:00:00Z") == "2028-02-29T00:00Z");
}

TEST_CASE("with both day fields restricted a day that fits either is due") {
  CHECK(Next("0 0 13 * fri", "2026-03-01T00:00:00Z") == "2026-03-06T00:00Z");
  CHECK(Next("0 0 10 * fri", "2026-03-06T00:00:00Z") == "2026-03-10T00:00Z");
}

TEST_CASE("a local time that the zone skips is due when the gap ends") {
  // 02:00 to 03:00 does not exist in Berlin on 2026-03-29.
  CHECK(Next("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin") == "2026-03-29T01:00Z");
  CHECK(Next("30 2 * * *", "2026-03-29T01:00:00Z", "Europe/Berlin") == "2026-03-30T00:30Z");
}

TEST_CASE("a local time that the zone repeats is due the first time only") {
  // 02:00 to 03:00 comes twice in Berlin on 2026-10-25.
  CHECK(Next("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin") == "2026-10-25T00:30Z");
  CHECK(Next("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin") == "2026-10-26T01:30Z");
}

TEST_CASE("other dialects and nonsense are refused") {
  for (const char* text :
       {"", "* * * *", "* * * * * *", "@daily", "60 * * * *", "* 24 * * *", "* * 0 * *",
        "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "5/10 * * * *", "a * * * *",
        "1,,2 * * * *", "1- * * * *", "-1 * * * *", "* * L * *", "99999999999 * * * *"}) {
    INFO(text);
    CHECK_FALSE(CronExpression::Parse(text).ok());
  }
  CHECK(std::string(CronExpression::Parse("0 0 30 2 *").status().message()).find("never") !=
        std::string::npos);
}

}  // namespace
}  // namespace penstock
