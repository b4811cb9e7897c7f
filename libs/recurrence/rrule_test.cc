// The examples of RFC 5545, 3.8.5.3, which give their answers; all begin on 1997-09-02 at 09:00 in
// New York unless they say otherwise.
#include "libs/recurrence/rrule.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "libs/recurrence/testing.h"

namespace penstock::recurrence {
namespace {

constexpr char kStart[] = "DTSTART;TZID=America/New_York:19970902T090000\n";

// The dates, and times where they are not 09:00.
Texts Instants(const std::string& rule, int count, const std::string& start = kStart) {
  const Spec spec{.rules = {.rrules = {start + rule}}, .time_zone = "America/New_York"};
  Texts texts;
  for (std::string text : Upcoming(spec, "1990-01-01T00:00:00Z", count)) {
    text.resize(16);
    if (text.ends_with("T09:00")) text.resize(10);
    texts.push_back(text);
  }
  return texts;
}

TEST_CASE("daily") {
  Texts ten = Instants("RRULE:FREQ=DAILY;COUNT=10", 20);
  REQUIRE(ten.size() == 10);
  CHECK(ten.front() == "1997-09-02");
  CHECK(ten.back() == "1997-09-11");
  Texts until = Instants("RRULE:FREQ=DAILY;UNTIL=19971224T000000Z", 200);
  CHECK(until.size() == 113);
  CHECK(until.back() == "1997-12-23");
  CHECK(Instants("RRULE:FREQ=DAILY;INTERVAL=10;COUNT=5", 9) ==
        Texts{"1997-09-02", "1997-09-12", "1997-09-22", "1997-10-02", "1997-10-12"});
  CHECK(Instants("RRULE:FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", 200,
                 "DTSTART;TZID=America/New_York:19980101T090000\n")
            .size() == 93);
}

TEST_CASE("weekly") {
  Texts weeks = Instants("RRULE:FREQ=WEEKLY;UNTIL=19971224T000000Z", 100);
  CHECK(weeks.size() == 17);
  CHECK(weeks.back() == "1997-12-23");
  CHECK(Instants("RRULE:FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", 20) ==
        Texts{"1997-09-02", "1997-09-04", "1997-09-09", "1997-09-11", "1997-09-16", "1997-09-18",
              "1997-09-23", "1997-09-25", "1997-09-30", "1997-10-02"});
  CHECK(Instants("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", 20) ==
        Texts{"1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18", "1997-09-30", "1997-10-02",
              "1997-10-14", "1997-10-16"});
  const std::string start = "DTSTART;TZID=America/New_York:19970805T090000\n";
  CHECK(Instants("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", 9, start) ==
        Texts{"1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"});
  CHECK(Instants("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", 9, start) ==
        Texts{"1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"});
}

TEST_CASE("monthly") {
  CHECK(Instants("RRULE:FREQ=MONTHLY;COUNT=10;BYDAY=1FR", 3,
                 "DTSTART;TZID=America/New_York:19970905T090000\n") ==
        Texts{"1997-09-05", "1997-10-03", "1997-11-07"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", 4,
                 "DTSTART;TZID=America/New_York:19970907T090000\n") ==
        Texts{"1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", 9,
                 "DTSTART;TZID=America/New_York:19970922T090000\n") ==
        Texts{"1997-09-22", "1997-10-20", "1997-11-17", "1997-12-22", "1998-01-19", "1998-02-16"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;BYMONTHDAY=-3", 4,
                 "DTSTART;TZID=America/New_York:19970928T090000\n") ==
        Texts{"1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", 4) ==
        Texts{"1997-09-02", "1997-09-15", "1997-10-02", "1997-10-15"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 5) ==
        Texts{"1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", 4,
                 "DTSTART;TZID=America/New_York:19970913T090000\n") ==
        Texts{"1997-09-13", "1997-10-11", "1997-11-08", "1997-12-13"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", 9,
                 "DTSTART;TZID=America/New_York:20070115T090000\n") ==
        Texts{"2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"});
}

TEST_CASE("positions in a period") {
  CHECK(Instants("RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", 9,
                 "DTSTART;TZID=America/New_York:19970904T090000\n") ==
        Texts{"1997-09-04", "1997-10-07", "1997-11-06"});
  CHECK(Instants("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", 5,
                 "DTSTART;TZID=America/New_York:19970929T090000\n") ==
        Texts{"1997-09-29", "1997-10-30", "1997-11-27", "1997-12-30", "1998-01-29"});
}

TEST_CASE("yearly") {
  CHECK(Instants("RRULE:FREQ=YEARLY;COUNT=10;BYMONTH=6,7", 3,
                 "DTSTART;TZID=America/New_York:19970610T090000\n") ==
        Texts{"1997-06-10", "1997-07-10", "1998-06-10"});
  CHECK(Instants("RRULE:FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", 10,
                 "DTSTART;TZID=America/New_York:19970101T090000\n") ==
        Texts{"1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01", "2000-04-09", "2000-07-18",
              "2003-01-01", "2003-04-10", "2003-07-19", "2006-01-01"});
  CHECK(Instants("RRULE:FREQ=YEARLY;BYDAY=20MO", 3,
                 "DTSTART;TZID=America/New_York:19970519T090000\n") ==
        Texts{"1997-05-19", "1998-05-18", "1999-05-17"});
  CHECK(Instants("RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", 3,
                 "DTSTART;TZID=America/New_York:19970512T090000\n") ==
        Texts{"1997-05-12", "1998-05-11", "1999-05-17"});
  CHECK(Instants("RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", 3,
                 "DTSTART;TZID=America/New_York:19961105T090000\n") ==
        Texts{"1996-11-05", "2000-11-07", "2004-11-02"});
  CHECK(Instants("RRULE:FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", 14,
                 "DTSTART;TZID=America/New_York:19970605T090000\n")
            .back() == "1998-06-04");
}

TEST_CASE("parts of a day") {
  CHECK(Instants("RRULE:FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", 9) ==
        Texts{"1997-09-02", "1997-09-02T12:00", "1997-09-02T15:00"});
  CHECK(Instants("RRULE:FREQ=MINUTELY;INTERVAL=90;COUNT=4", 9) ==
        Texts{"1997-09-02", "1997-09-02T10:30", "1997-09-02T12:00", "1997-09-02T13:30"});
  const Texts by_day =
      Instants("RRULE:FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", 60);
  const Texts by_minute =
      Instants("RRULE:FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", 60);
  CHECK(by_day == by_minute);
  CHECK(by_day[24] == "1997-09-03");
}

TEST_CASE("a rule that names no day there is is refused") {
  const absl::StatusOr<ParsedRule> rule = ParseRecurrenceRule(
      "DTSTART:19970902T090000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30");
  CHECK(rule.status().message() == "names nothing that comes");
}

}  // namespace
}  // namespace penstock::recurrence
