#include "libs/recurrence/cron.h"

#include <catch2/catch.hpp>

#include "libs/recurrence/testing.h"
#include "libs/status/details.h"

namespace penstock::recurrence {
namespace {

// The next local minutes after the one given, in UTC, without seconds and offset.
Texts Next(Dialect dialect, const std::string& expression, const std::string& after,
           int count = 1) {
  Texts texts = Upcoming(CronSpecOf(dialect, expression), after, count);
  for (std::string& text : texts) text.resize(16);
  return texts;
}

std::string Problem(Dialect dialect, const std::string& expression) {
  const absl::StatusOr<Cron> cron = ParseCron(dialect, expression);
  return cron.ok() ? "" : std::string(cron.status().message());
}

using enum Dialect;

TEST_CASE("the next instant lies after the one given, never on it") {
  CHECK(Next(kVixie, "* * * * *", "2026-03-01T10:00:00Z") == Texts{"2026-03-01T10:01"});
  CHECK(Next(kVixie, "* * * * *", "2026-03-01T10:00:59Z") == Texts{"2026-03-01T10:01"});
  CHECK(Next(kVixie, "0 9 * * *", "2026-03-01T09:00:00Z") == Texts{"2026-03-02T09:00"});
  CHECK(Next(kVixie, "0 9 * * *", "2026-03-01T08:59:59.5Z") == Texts{"2026-03-01T09:00"});
}

TEST_CASE("vixie: lists, ranges, steps and names are read") {
  CHECK(Next(kVixie, "*/15 * * * *", "2026-03-01T10:46:00Z") == Texts{"2026-03-01T11:00"});
  CHECK(Next(kVixie, "5,50-52 8 * * *", "2026-03-01T08:05:00Z") == Texts{"2026-03-01T08:50"});
  CHECK(Next(kVixie, "0 0 * FEB mon", "2026-03-01T00:00:00Z") == Texts{"2027-02-01T00:00"});
  CHECK(Next(kVixie, "0 0 * * 7", "2026-03-02T00:00:00Z") == Texts{"2026-03-08T00:00"});
  CHECK(Next(kVixie, "0 0 29 2 *", "2026-03-01T00:00:00Z") == Texts{"2028-02-29T00:00"});
  CHECK(Next(kVixie, "10-40/15 3 * * *", "2026-03-01T00:00:00Z", 4) ==
        Texts{"2026-03-01T03:10", "2026-03-01T03:25", "2026-03-01T03:40", "2026-03-02T03:10"});
}

TEST_CASE("vixie: with both day fields restricted a day that fits either is due") {
  CHECK(Next(kVixie, "0 0 13 * fri", "2026-03-01T00:00:00Z", 3) ==
        Texts{"2026-03-06T00:00", "2026-03-13T00:00", "2026-03-20T00:00"});
  CHECK(Next(kVixie, "0 0 10 * fri", "2026-03-06T00:00:00Z") == Texts{"2026-03-10T00:00"});
  // A field that starts with "*" restricts nothing, so both must fit.
  CHECK(Next(kVixie, "0 0 */2 * fri", "2026-03-01T00:00:00Z") == Texts{"2026-03-13T00:00"});
}

TEST_CASE("macros are what cron(8) says") {
  CHECK(Next(kVixie, "@hourly", "2026-03-01T10:30:00Z") == Texts{"2026-03-01T11:00"});
  CHECK(Next(kUndeclared, "@daily", "2026-03-01T10:30:00Z") == Texts{"2026-03-02T00:00"});
  CHECK(Next(kVixie, "@weekly", "2026-03-02T10:30:00Z") == Texts{"2026-03-08T00:00"});
  CHECK(Next(kSpring, "@monthly", "2026-03-02T10:30:00Z") == Texts{"2026-04-01T00:00"});
  CHECK(Next(kTemporal, "@yearly", "2026-03-02T10:30:00Z") == Texts{"2027-01-01T00:00"});
  CHECK(Problem(kVixie, "@reboot").find("is no macro") != std::string::npos);
  CHECK(Problem(kVixie, "@every 5m").find("temporal") != std::string::npos);
}

TEST_CASE("quartz: seconds first, Sunday is 1, one day field is a question mark") {
  CHECK(Upcoming(CronSpecOf(kQuartz, "30 0 12 ? * 1"), "2026-03-02T00:00:00Z", 1) ==
        Texts{"2026-03-08T12:00:30+00:00"});
  CHECK(Next(kQuartz, "0 0 12 ? * MON-FRI", "2026-03-06T12:00:00Z") == Texts{"2026-03-09T12:00"});
  CHECK(Next(kQuartz, "0 15 10 ? * 6L", "2026-03-01T00:00:00Z", 2) ==
        Texts{"2026-03-27T10:15", "2026-04-24T10:15"});
  CHECK(Next(kQuartz, "0 15 10 ? * 6#3", "2026-03-01T00:00:00Z") == Texts{"2026-03-20T10:15"});
  CHECK(Next(kQuartz, "0 15 10 L-2 * ?", "2026-02-01T00:00:00Z") == Texts{"2026-02-26T10:15"});
  CHECK(Next(kQuartz, "0 0 0 1W 8 ? 2026", "2026-01-01T00:00:00Z", 2) == Texts{"2026-08-03T00:00"});
  CHECK(Next(kQuartz, "0 0/20 14 * * ?", "2026-03-01T00:00:00Z", 3) ==
        Texts{"2026-03-01T14:00", "2026-03-01T14:20", "2026-03-01T14:40"});
  CHECK(Next(kQuartz, "0 0 22-2 * * ?", "2026-03-01T22:30:00Z", 3) ==
        Texts{"2026-03-01T23:00", "2026-03-02T00:00", "2026-03-02T01:00"});
  CHECK(Next(kQuartz, "0 0 0 ? * L", "2026-03-02T00:00:00Z") == Texts{"2026-03-07T00:00"});
  CHECK(Problem(kQuartz, "0 0 12 * * MON").find("\"?\"") != std::string::npos);
  CHECK(Problem(kQuartz, "0 0 12 ? * ?").find("\"?\"") != std::string::npos);
  CHECK(Problem(kQuartz, "0 0 12 ? * 0").find("day of week") != std::string::npos);
  CHECK(Problem(kQuartz, "0 0 12 ? * 2#6").find("day of week") != std::string::npos);
}

TEST_CASE("spring: seconds first, both day fields must fit, L W # as of old") {
  CHECK(Next(kSpring, "0 0 9 13 * FRI", "2026-01-01T00:00:00Z", 2) ==
        Texts{"2026-02-13T09:00", "2026-03-13T09:00"});
  CHECK(Next(kSpring, "0 0 9 LW * *", "2026-05-01T00:00:00Z") == Texts{"2026-05-29T09:00"});
  CHECK(Next(kSpring, "0 0 9 15W * ?", "2026-08-01T00:00:00Z") == Texts{"2026-08-14T09:00"});
  CHECK(Next(kSpring, "0 0 9 ? * 5L", "2026-03-01T00:00:00Z") == Texts{"2026-03-27T09:00"});
  CHECK(Next(kSpring, "0 0 9 ? * SAT-SUN", "2026-03-02T00:00:00Z", 2) ==
        Texts{"2026-03-07T09:00", "2026-03-08T09:00"});
}

TEST_CASE("aws: the year last, and cron(), rate() and at()") {
  CHECK(Next(kAws, "cron(0 10 ? * 2-6 *)", "2026-03-06T10:00:00Z") == Texts{"2026-03-09T10:00"});
  CHECK(Next(kAws, "15 12 L * ? 2027", "2026-03-06T10:00:00Z") == Texts{"2027-01-31T12:15"});
  CHECK(Next(kAws, "rate(5 minutes)", "2026-03-01T10:01:00Z") == Texts{"2026-03-01T10:05"});
  CHECK(Next(kAws, "at(2027-01-31T09:00:00)", "2026-03-01T10:01:00Z", 2) ==
        Texts{"2027-01-31T09:00"});
  CHECK(Problem(kAws, "rate(0 minutes)").find("rate()") != std::string::npos);
  CHECK(Problem(kAws, "rate(5 fortnights)").find("rate()") != std::string::npos);
}

TEST_CASE("temporal: five to seven fields, @every, a zone and a comment") {
  CHECK(Next(kTemporal, "0 12 13 * 5 # Fridays the 13th", "2026-01-01T00:00:00Z") ==
        Texts{"2026-02-13T12:00"});
  CHECK(Next(kTemporal, "0 12 * * * 2028", "2026-01-01T00:00:00Z") == Texts{"2028-01-01T12:00"});
  CHECK(Upcoming(CronSpecOf(kTemporal, "*/20 0 12 * * * *"), "2026-01-01T12:00:00Z", 2) ==
        Texts{"2026-01-01T12:00:20+00:00", "2026-01-01T12:00:40+00:00"});
  CHECK(Next(kTemporal, "@every 5m/1m", "2026-03-01T10:01:00Z") == Texts{"2026-03-01T10:06"});
  CHECK(Next(kTemporal, "CRON_TZ=America/New_York 0 12 * * *", "2026-01-01T00:00:00Z") ==
        Texts{"2026-01-01T17:00"});
  CHECK(Problem(kTemporal, "@every soon").find("duration") != std::string::npos);
}

TEST_CASE("a zone in the expression is the one that counts, and must exist") {
  CHECK(Next(kVixie, "CRON_TZ=Asia/Tokyo 0 9 * * *", "2026-01-01T12:00:00Z") ==
        Texts{"2026-01-02T00:00"});
  const absl::Status status =
      Recurrence::Create(CronSpecOf(kVixie, "TZ=Mars/Olympus 0 9 * * *")).status();
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "spec.crons[0].expression");
}

TEST_CASE("six fields without a dialect are refused with an explanation, five are not") {
  for (const char* text : {"0 0 12 * * *", "0 0 12 * * MON 2027"}) {
    CHECK(Problem(kUndeclared, text).find("declare the dialect") != std::string::npos);
  }
  CHECK(Problem(kUndeclared, "0 12 * * *").empty());
}

TEST_CASE("nonsense is refused, naming the field") {
  for (const char* text : {"",
                           "   ",
                           "* * * *",
                           "@fortnightly",
                           "60 * * * *",
                           "* 24 * * *",
                           "* * 0 * *",
                           "* * * 13 *",
                           "* * * * 8",
                           "5-1 * * * *",
                           "*/0 * * * *",
                           "5/10 * * * *",
                           "a * * * *",
                           "1,,2 * * * *",
                           "1- * * * *",
                           "-1 * * * *",
                           "* * L * *",
                           "* * ? * *",
                           "99999999999 * * * *",
                           "CRON_TZ= * * * * *",
                           "CRON_TZ=UTC"}) {
    INFO(text);
    CHECK_FALSE(ParseCron(kVixie, text).ok());
  }
  CHECK(Problem(kVixie, "0 25 * * *").find("hour") != std::string::npos);
  CHECK(Problem(kVixie, "0 0 30 2 *").find("never") != std::string::npos);
  CHECK(Problem(kQuartz, "0 0 0 31 4,6 ? 2030").find("never") != std::string::npos);
}

}  // namespace
}  // namespace penstock::recurrence
