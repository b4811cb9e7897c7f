#include "libs/recurrence/recurrence.h"

#include <catch2/catch.hpp>
#include <set>

#include "libs/recurrence/spec_json.h"
#include "libs/recurrence/testing.h"
#include "libs/status/details.h"

namespace penstock::recurrence {
namespace {

Spec Vixie(const std::string& expression, const std::string& zone = "UTC") {
  return CronSpecOf(Dialect::kVixie, expression, zone);
}

// 02:00 to 03:00 does not exist in Berlin on 2026-03-29.
TEST_CASE("a local time that the clock skips") {
  Spec spec = Vixie("30 2 * * *", "Europe/Berlin");
  const std::string before = "2026-03-28T12:00:00Z";
  SECTION("of a fixed time is due when the gap ends, by default") {
    CHECK(Upcoming(spec, before, 2) ==
          Texts{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"});
  }
  SECTION("is skipped when asked for") {
    spec.gap = GapPolicy::kSkip;
    CHECK(Upcoming(spec, before, 1) == Texts{"2026-03-30T02:30:00+02:00"});
  }
  SECTION("of a periodic rule is skipped: the clock on the wall goes on") {
    spec = Vixie("*/30 * * * *", "Europe/Berlin");
    CHECK(Upcoming(spec, "2026-03-29T00:20:00Z", 3) == Texts{"2026-03-29T01:30:00+01:00",
                                                             "2026-03-29T03:00:00+02:00",
                                                             "2026-03-29T03:30:00+02:00"});
  }
  SECTION("several in one gap are one, also with what is due at its end") {
    spec = Vixie("0,30 2,3 * * *", "Europe/Berlin");
    CHECK(Upcoming(spec, before, 2) ==
          Texts{"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"});
  }
}

// 02:00 to 03:00 comes twice in Berlin on 2026-10-25.
TEST_CASE("a local time that the clock passes twice") {
  Spec spec = Vixie("30 2 * * *", "Europe/Berlin");
  const std::string before = "2026-10-24T12:00:00Z";
  const std::string first = "2026-10-25T02:30:00+02:00", last = "2026-10-25T02:30:00+01:00";
  const std::string day_after = "2026-10-26T02:30:00+01:00";
  SECTION("of a fixed time is due once, by default") {
    CHECK(Upcoming(spec, before, 2) == Texts{first, day_after});
  }
  SECTION("first") {
    spec.repeat = RepeatPolicy::kFirst;
    CHECK(Upcoming(spec, before, 2) == Texts{first, day_after});
  }
  SECTION("last") {
    spec.repeat = RepeatPolicy::kLast;
    CHECK(Upcoming(spec, before, 2) == Texts{last, day_after});
  }
  SECTION("both") {
    spec.repeat = RepeatPolicy::kBoth;
    CHECK(Upcoming(spec, before, 3) == Texts{first, last, day_after});
  }
  SECTION("of a periodic rule is due both times") {
    CHECK(Upcoming(Vixie("30 * * * *", "Europe/Berlin"), "2026-10-24T23:45:00Z", 3) ==
          Texts{first, last, "2026-10-25T03:30:00+01:00"});
  }
  SECTION("and is the last there is") {
    spec.end = At("2026-10-25T01:45:00Z");
    spec.repeat = RepeatPolicy::kBoth;
    CHECK(Upcoming(spec, before, 5) == Texts{first, last});
  }
}

TEST_CASE("the last year of an expression ends with the clock's second pass") {
  Spec spec = CronSpecOf(Dialect::kAws, "30 2 25 10 ? 2026", "Europe/Berlin");
  spec.repeat = RepeatPolicy::kBoth;
  CHECK(Upcoming(spec, "2026-01-01T00:00:00Z", 5) ==
        Texts{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"});
}

TEST_CASE("a clock that changes by half an hour") {
  // Lord Howe: 02:00 becomes 02:30 on 2026-10-04, and 02:00 becomes 01:30 on 2026-04-05.
  CHECK(Upcoming(Vixie("15 2 * * *", "Australia/Lord_Howe"), "2026-10-03T00:00:00Z", 2) ==
        Texts{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"});
  CHECK(Upcoming(Vixie("45 1 * * *", "Australia/Lord_Howe"), "2026-04-04T00:00:00Z", 2) ==
        Texts{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"});
  CHECK(Upcoming(Vixie("*/15 * * * *", "Australia/Lord_Howe"), "2026-04-04T14:40:00Z", 4) ==
        Texts{"2026-04-05T01:45:00+11:00", "2026-04-05T01:30:00+10:30", "2026-04-05T01:45:00+10:30",
              "2026-04-05T02:00:00+10:30"});
}

TEST_CASE("a day that a zone skips") {
  // Samoa went from the 29th to the 31st of December 2011.
  CHECK(
      Upcoming(Vixie("0 9 * * *", "Pacific/Apia"), "2011-12-29T12:00:00Z", 3) ==
      Texts{"2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"});
}

TEST_CASE("an interval counts from the epoch, whatever the zone") {
  const Spec spec{.rules = {.intervals = {{absl::Hours(24), absl::Hours(3)}}},
                  .time_zone = "Europe/Berlin"};
  CHECK(Upcoming(spec, "2026-03-28T03:00:00Z", 2) ==
        Texts{"2026-03-29T05:00:00+02:00", "2026-03-30T05:00:00+02:00"});
  const Spec seconds{.rules = {.intervals = {{absl::Seconds(7), absl::ZeroDuration()}}}};
  const absl::Time next = *Made(seconds).Next(At("1969-12-31T23:59:58Z"));
  CHECK(next == absl::UnixEpoch());
}

TEST_CASE("calendars say each field, and both day fields must fit") {
  Spec spec{.rules = {.calendars = {{.hour = "9", .day_of_month = "1-7", .day_of_week = "mon"}}}};
  CHECK(Upcoming(spec, "2026-03-01T00:00:00Z", 2) ==
        Texts{"2026-03-02T09:00:00+00:00", "2026-04-06T09:00:00+00:00"});
}

TEST_CASE("several rules are one schedule, and an instant of two of them is one") {
  Spec spec = Vixie("0 9 * * *");
  spec.rules.crons.push_back({Dialect::kVixie, "0 9,12 * * mon"});
  spec.rules.instants = {At("2026-03-02T10:00:00Z"), At("2020-01-01T00:00:00Z")};
  CHECK(Upcoming(spec, "2026-03-01T10:00:00Z", 4) ==
        Texts{"2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+00:00", "2026-03-02T12:00:00+00:00",
              "2026-03-03T09:00:00+00:00"});
}

TEST_CASE("exclusions take instants away") {
  Spec spec = Vixie("*/30 9-10 * * *", "Europe/Berlin");
  spec.exclusions.crons = {{Dialect::kVixie, "* * * * sat,sun"}};
  spec.exclusions.dates = {absl::CivilDay(2026, 3, 2)};
  spec.exclusions.calendars = {{.minute = "30", .hour = "9"}};
  spec.exclusions.instants = {At("2026-03-03T09:00:00Z")};
  // Saturday is the 28th of February.
  CHECK(Upcoming(spec, "2026-02-27T12:00:00Z", 3) == Texts{"2026-03-03T09:00:00+01:00",
                                                           "2026-03-03T10:30:00+01:00",
                                                           "2026-03-04T09:00:00+01:00"});
}

TEST_CASE("an exclusion without seconds takes whole minutes") {
  Spec spec = CronSpecOf(Dialect::kSpring, "*/30 * * * * *");
  spec.exclusions.crons = {{Dialect::kVixie, "1 * * * *"}};
  CHECK(Upcoming(spec, "2026-03-01T00:00:00Z", 3) == Texts{"2026-03-01T00:00:30+00:00",
                                                           "2026-03-01T00:02:00+00:00",
                                                           "2026-03-01T00:02:30+00:00"});
}

TEST_CASE("bounds are included") {
  Spec spec = Vixie("0 * * * *");
  spec.start = At("2026-03-01T05:00:00Z");
  spec.end = At("2026-03-01T06:00:00Z");
  CHECK(Upcoming(spec, "2026-02-01T00:00:00Z", 9) ==
        Texts{"2026-03-01T05:00:00+00:00", "2026-03-01T06:00:00+00:00"});
}

TEST_CASE("the last instant of a range, and how many there are") {
  const Recurrence daily = Made(Vixie("0 9 * * *", "Europe/Berlin"));
  const absl::Time from = At("2020-01-01T00:00:00Z"), to = At("2026-07-01T00:00:00Z");
  CHECK(daily.LastIn(from, to) == At("2026-06-30T07:00:00Z"));
  CHECK(daily.LastIn(from, At("2026-06-30T07:00:00Z")) == At("2026-06-30T07:00:00Z"));
  CHECK(daily.LastIn(At("2026-06-30T07:00:00Z"), to) == std::nullopt);
  CHECK(daily.CountIn(from, to, 10'000) == 2373);
  CHECK(daily.CountIn(from, to, 100) == 100);
  const Recurrence once = Made({.rules = {.instants = {At("2021-05-05T05:05:05Z")}}});
  CHECK(once.LastIn(from, to) == At("2021-05-05T05:05:05Z"));
}

TEST_CASE(
    "jitter is the same every time, differs between schedules, and stays before the next instant") {
  Spec spec = Vixie("* * * * *");
  spec.jitter = absl::Hours(1);
  const Recurrence recurrence = Made(spec);
  std::set<absl::Duration> late;
  for (const absl::Time nominal : recurrence.Upcoming(At("2026-03-01T00:00:00Z"), 100)) {
    const absl::Time due = recurrence.DueAt(nominal, "one");
    CHECK(due == recurrence.DueAt(nominal, "one"));
    CHECK(due >= nominal);
    CHECK(due < nominal + absl::Minutes(1));
    late.insert(due - nominal);
  }
  CHECK(late.size() > 90);
  CHECK(*late.rbegin() > absl::Seconds(50));
  CHECK(*late.begin() < absl::Seconds(10));
  const absl::Time nominal = At("2026-03-01T00:01:00Z");
  CHECK(recurrence.DueAt(nominal, "one") != recurrence.DueAt(nominal, "two"));
  // So that a new release moves nobody's jobs.
  CHECK(absl::ToInt64Microseconds(recurrence.DueAt(nominal, "one") - nominal) == 31629623);
}

TEST_CASE("every problem is named with its field, at once") {
  Spec spec{.rules = {.crons = {{Dialect::kVixie, "61 * * * *"}},
                      .intervals = {{absl::Milliseconds(10), {}}},
                      .rrules = {"RRULE:FREQ=DAILY"},
                      .dates = {absl::CivilDay(2026, 1, 1)}},
            .exclusions = {.crons = {{Dialect::kUndeclared, "* * * * * *"}}},
            .time_zone = "../etc/passwd",
            .start = absl::UnixEpoch() + absl::Hours(1),
            .end = absl::UnixEpoch(),
            .jitter = absl::Hours(25)};
  Texts fields;
  for (const FieldViolation& violation : ViolationsOf(Recurrence::Create(spec).status())) {
    fields.push_back(violation.field);
  }
  CHECK(fields == Texts{"spec.time_zone", "spec.dates", "spec.crons[0].expression",
                        "spec.intervals[0].every", "spec.rrules[0]",
                        "spec.exclusions.crons[0].expression", "spec.jitter", "spec.end_time"});
  CHECK(ViolationsOf(Recurrence::Create({}).status())[0].field == "spec");
}

TEST_CASE("a spec survives JSON") {
  const char* text =
      R"({"crons":[{"dialect":"quartz","expression":"0 0 9 ? * MON"},{"expression":"5 4 * * *"}],
    "intervals":[{"every":"1h30m","phase":"5m"}],"calendars":[{"hour":"9-17","day_of_week":"mon-fri"}],
    "rrules":["DTSTART:20270101T090000\nRRULE:FREQ=DAILY"],"instants":["2027-01-31T09:00:00Z"],
    "exclusions":{"dates":["2027-12-25"]},"time_zone":"Europe/Berlin","start_time":"2027-01-01T00:00:00Z",
    "end_time":"2028-01-01T00:00:00.5Z","jitter":"30s","gap":"skip","repeat":"last"})";
  const auto json = nlohmann::json::parse(text);
  const absl::StatusOr<Spec> spec = SpecFromJson(json);
  INFO(spec.status().ToString());
  REQUIRE(spec.ok());
  CHECK(Recurrence::Create(*spec).ok());
  CHECK(ToJson(*spec) == json);
}

TEST_CASE("JSON of another form is refused, naming the fields") {
  const auto json =
      nlohmann::json::parse(R"({"crons":[{"dialect":"unix","expression":5}],"crontab":"* * * * *",
    "intervals":{},"gap":"maybe","exclusions":{"instants":["yesterday"],"jitter":"1s"}})");
  Texts fields;
  for (const FieldViolation& violation : ViolationsOf(SpecFromJson(json, "s").status())) {
    fields.push_back(violation.field);
  }
  CHECK(fields == Texts{"s.crontab", "s.crons[0].dialect", "s.crons[0].expression", "s.intervals",
                        "s.exclusions.jitter", "s.exclusions.instants[0]", "s.gap"});
  CHECK_FALSE(SpecFromJson(nlohmann::json::array()).ok());
}

}  // namespace
}  // namespace penstock::recurrence
