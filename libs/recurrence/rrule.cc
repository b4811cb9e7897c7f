#include "libs/recurrence/rrule.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/recurrence/cron_field.h"
#include "libs/recurrence/day_rule.h"
#include "libs/status/macros.h"

namespace penstock::recurrence {
namespace {

using absl::CivilDay;
using absl::CivilMonth;
using absl::CivilSecond;

constexpr int kDaySeconds = 86400;
constexpr int kMaxCount = 100'000;
constexpr int kHorizonYears = 100;
// Of rules that step by seconds or minutes.
constexpr int kFineHorizonYears = 5;

enum class Freq { kSecondly, kMinutely, kHourly, kDaily, kWeekly, kMonthly, kYearly };

constexpr std::array<std::pair<std::string_view, Freq>, 7> kFreqs{{
    {"SECONDLY", Freq::kSecondly},
    {"MINUTELY", Freq::kMinutely},
    {"HOURLY", Freq::kHourly},
    {"DAILY", Freq::kDaily},
    {"WEEKLY", Freq::kWeekly},
    {"MONTHLY", Freq::kMonthly},
    {"YEARLY", Freq::kYearly},
}};

constexpr std::array<std::string_view, 7> kWeekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

struct NthWeekday {
  int weekday;
  int nth;  // 0 = every one
};

struct Parts {
  CivilSecond start;
  Freq freq = Freq::kDaily;
  bool has_freq = false;
  int interval = 1;
  int count = 0;                          // 0 = no end by count
  std::optional<CivilSecond> until = {};  // inclusive
  int week_start = 1;
  std::set<int> seconds, minutes, hours, month_days, year_days, weeks, months, positions;
  std::vector<NthWeekday> weekdays;
};

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

int SecondOfDay(CivilSecond time) { return static_cast<int>(time - CivilSecond(CivilDay(time))); }

bool Matches(const std::set<int>& values, int value, int from_end) {
  return values.empty() || values.contains(value) || values.contains(from_end);
}

CivilDay WeekStart(CivilDay day, int week_start) {
  return day - (WeekdayOf(day) - week_start + 7) % 7;
}

// The first week with at least four days in the year begins here.
CivilDay FirstWeek(int64_t year, int week_start) {
  return WeekStart(CivilDay(year, 1, 4), week_start);
}

class Rule final : public CivilRule {
 public:
  explicit Rule(Parts parts) : parts_(std::move(parts)) {
    if (!IsFine()) FillTimes();
  }

  std::optional<CivilSecond> NextFrom(CivilSecond from) const override {
    const std::optional<CivilSecond> next = Unbounded(std::max(from, parts_.start));
    return next && parts_.until && *next > *parts_.until ? std::nullopt : next;
  }

  bool is_periodic() const override { return IsFine(); }

  // Turns COUNT into an end. False when it has none within the horizon.
  bool ResolveCount() {
    std::optional<CivilSecond> at = parts_.start;
    CivilSecond last = parts_.start;
    for (int i = 0; i < parts_.count; ++i) {
      at = NextFrom(*at);
      if (!at) break;
      last = *at;
      *at += 1;
    }
    if (parts_.count > 0) parts_.until = parts_.until ? std::min(*parts_.until, last) : last;
    return NextFrom(parts_.start).has_value();
  }

 private:
  // Steps by parts of a day, which then limit rather than expand.
  bool IsFine() const { return parts_.freq < Freq::kDaily; }

  void FillTimes() {
    const auto or_start = [](const std::set<int>& values, int start) {
      return values.empty() ? std::set<int>{start} : values;
    };
    for (const int hour : or_start(parts_.hours, parts_.start.hour())) {
      for (const int minute : or_start(parts_.minutes, parts_.start.minute())) {
        for (const int second : or_start(parts_.seconds, parts_.start.second())) {
          times_.push_back(hour * 3600 + minute * 60 + second);
        }
      }
    }
  }

  std::optional<CivilSecond> Unbounded(CivilSecond from) const {
    return IsFine() ? NextFine(from) : NextByDays(from);
  }

  std::optional<CivilSecond> NextByDays(CivilSecond from) const {
    const int64_t end_year = from.year() + kHorizonYears;
    for (int64_t k = FirstPeriod(CivilDay(from)); PeriodStart(k).year() < end_year; ++k) {
      const std::vector<CivilDay> days = DaysOfPeriod(PeriodStart(k));
      const std::optional<CivilSecond> next =
          parts_.positions.empty() ? FirstOf(days, from) : FirstPosition(days, from);
      if (next) return next;
    }
    return std::nullopt;
  }

  // The number of the period with `day`, or of the one before where intervals leave gaps.
  int64_t FirstPeriod(CivilDay day) const {
    const CivilDay start(parts_.start);
    int64_t units = 0;
    switch (parts_.freq) {
      case Freq::kYearly:
        units = day.year() - start.year();
        break;
      case Freq::kMonthly:
        units = CivilMonth(day) - CivilMonth(start);
        break;
      case Freq::kWeekly:
        units = (WeekStart(day, parts_.week_start) - WeekStart(start, parts_.week_start)) / 7;
        break;
      default:
        units = day - start;
    }
    return std::max<int64_t>(0, FloorDiv(units, parts_.interval));
  }

  CivilDay PeriodStart(int64_t k) const {
    const CivilDay start(parts_.start);
    const int64_t units = k * parts_.interval;
    switch (parts_.freq) {
      case Freq::kYearly:
        return CivilDay(start.year() + units, 1, 1);
      case Freq::kMonthly:
        return CivilDay(CivilMonth(start) + units);
      case Freq::kWeekly:
        return WeekStart(start, parts_.week_start) + 7 * units;
      default:
        return start + units;
    }
  }

  std::vector<CivilDay> DaysOfPeriod(CivilDay first) const {
    CivilDay end = first + 1;
    if (parts_.freq == Freq::kYearly) end = CivilDay(first.year() + 1, 1, 1);
    if (parts_.freq == Freq::kMonthly) end = CivilDay(CivilMonth(first) + 1);
    if (parts_.freq == Freq::kWeekly) end = first + 7;
    // A year of weeks begins and ends with whole weeks.
    const bool by_week = parts_.freq == Freq::kYearly && !parts_.weeks.empty();
    const int64_t year = first.year();
    if (by_week) {
      first = FirstWeek(year, parts_.week_start);
      end = FirstWeek(year + 1, parts_.week_start);
    }
    std::vector<CivilDay> days;
    for (CivilDay day = first; day < end; ++day) {
      if (IsDue(day) && (!by_week || IsDueWeek(day, year))) days.push_back(day);
    }
    return days;
  }

  bool IsDueWeek(CivilDay day, int64_t year) const {
    const CivilDay first = FirstWeek(year, parts_.week_start);
    const int weeks = static_cast<int>((FirstWeek(year + 1, parts_.week_start) - first) / 7);
    const int week = static_cast<int>((day - first) / 7) + 1;
    return Matches(parts_.weeks, week, week - weeks - 1);
  }

  bool IsDue(CivilDay day) const {
    if (!parts_.months.empty() && !parts_.months.contains(day.month())) return false;
    const int last = DaysIn(CivilMonth(day));
    if (!Matches(parts_.month_days, day.day(), day.day() - last - 1)) return false;
    const int year_day = absl::GetYearDay(day);
    const int year_days =
        static_cast<int>(CivilDay(day.year() + 1, 1, 1) - CivilDay(day.year(), 1, 1));
    if (!Matches(parts_.year_days, year_day, year_day - year_days - 1)) return false;
    if (parts_.weekdays.empty()) return IsDueByStart(day);
    return std::any_of(parts_.weekdays.begin(), parts_.weekdays.end(),
                       [&](const NthWeekday& due) { return IsWeekday(day, due); });
  }

  // What the rule does not say DTSTART does.
  bool IsDueByStart(CivilDay day) const {
    const CivilDay start(parts_.start);
    const bool says_day = !parts_.month_days.empty() || !parts_.year_days.empty();
    switch (parts_.freq) {
      case Freq::kYearly:
        if (!parts_.weeks.empty()) return says_day || WeekdayOf(day) == WeekdayOf(start);
        if (says_day) return true;
        return day.day() == start.day() && (!parts_.months.empty() || day.month() == start.month());
      case Freq::kMonthly:
        return says_day || day.day() == start.day();
      case Freq::kWeekly:
        return says_day || WeekdayOf(day) == WeekdayOf(start);
      default:
        return true;
    }
  }

  bool IsWeekday(CivilDay day, const NthWeekday& due) const {
    if (WeekdayOf(day) != due.weekday) return false;
    if (due.nth == 0) return true;
    // Within the month, or the year where no month is named.
    const bool of_year = parts_.freq == Freq::kYearly && parts_.months.empty();
    const int position = of_year ? absl::GetYearDay(day) : day.day();
    const int size =
        of_year ? static_cast<int>(CivilDay(day.year() + 1, 1, 1) - CivilDay(day.year(), 1, 1))
                : DaysIn(CivilMonth(day));
    return due.nth > 0 ? (position - 1) / 7 + 1 == due.nth : (size - position) / 7 + 1 == -due.nth;
  }

  std::optional<CivilSecond> FirstOf(const std::vector<CivilDay>& days, CivilSecond from) const {
    for (const CivilDay& day : days) {
      if (day < CivilDay(from)) continue;
      const int after = day == CivilDay(from) ? SecondOfDay(from) : 0;
      const auto time = std::lower_bound(times_.begin(), times_.end(), after);
      if (time != times_.end()) return CivilSecond(day) + *time;
    }
    return std::nullopt;
  }

  std::optional<CivilSecond> FirstPosition(const std::vector<CivilDay>& days,
                                           CivilSecond from) const {
    const int64_t size = static_cast<int64_t>(days.size() * times_.size());
    std::optional<CivilSecond> first;
    for (const int position : parts_.positions) {
      const int64_t index = position > 0 ? position - 1 : size + position;
      if (index < 0 || index >= size) continue;
      const CivilSecond at =
          CivilSecond(days[index / times_.size()]) + times_[index % times_.size()];
      if (at >= from && (!first || at < *first)) first = at;
    }
    return first;
  }

  int UnitSeconds() const {
    return parts_.freq == Freq::kHourly ? 3600 : parts_.freq == Freq::kMinutely ? 60 : 1;
  }

  // The first step at or after `time`, which begins a unit.
  CivilSecond Aligned(CivilSecond time) const {
    const int64_t unit = UnitSeconds();
    const CivilSecond origin = parts_.start - FloorDiv(SecondOfDay(parts_.start) % unit, 1);
    const int64_t step = unit * parts_.interval;
    return origin + -FloorDiv(-(time - origin), step) * step;
  }

  std::optional<CivilSecond> NextFine(CivilSecond from) const {
    const CivilSecond end = from + int64_t{kFineHorizonYears} * 366 * kDaySeconds;
    CivilSecond step = Aligned(from - SecondOfDay(from) % UnitSeconds());
    while (step < end) {
      const CivilDay day(step);
      if (!IsDue(day)) {
        step = Aligned(CivilSecond(day + 1));
      } else if (!Has(parts_.hours, step.hour())) {
        step = Aligned(CivilSecond(absl::CivilHour(step) + 1));
      } else if (parts_.freq != Freq::kHourly && !Has(parts_.minutes, step.minute())) {
        step = Aligned(CivilSecond(absl::CivilMinute(step) + 1));
      } else {
        if (const std::optional<CivilSecond> next = FirstWithin(step, from)) return next;
        step = Aligned(step + UnitSeconds());
      }
    }
    return std::nullopt;
  }

  static bool Has(const std::set<int>& values, int value) {
    return values.empty() || values.contains(value);
  }

  // Of the instants in the hour, minute or second that begins at `step`.
  std::optional<CivilSecond> FirstWithin(CivilSecond step, CivilSecond from) const {
    std::vector<CivilSecond> all;
    const std::set<int> one_minute = {parts_.start.minute()}, one_second = {parts_.start.second()};
    if (parts_.freq == Freq::kSecondly) {
      if (Has(parts_.seconds, step.second())) all.push_back(step);
    } else {
      const std::set<int>& seconds = parts_.seconds.empty() ? one_second : parts_.seconds;
      const std::set<int>& minutes = parts_.minutes.empty() ? one_minute : parts_.minutes;
      const std::set<int> zero = {0};
      for (const int minute : parts_.freq == Freq::kHourly ? minutes : zero) {
        for (const int second : seconds) all.push_back(step + minute * 60 + second);
      }
    }
    if (!parts_.positions.empty()) all = Positions(all);
    for (const CivilSecond& at : all) {
      if (at >= from) return at;
    }
    return std::nullopt;
  }

  std::vector<CivilSecond> Positions(const std::vector<CivilSecond>& all) const {
    std::set<CivilSecond> chosen;
    for (const int position : parts_.positions) {
      const int64_t size = static_cast<int64_t>(all.size());
      const int64_t index = position > 0 ? position - 1 : size + position;
      if (index >= 0 && index < size) chosen.insert(all[index]);
    }
    return {chosen.begin(), chosen.end()};
  }

  Parts parts_;
  std::vector<int> times_;  // seconds of the day, in order
};

absl::Status Wrong(std::string message) { return absl::InvalidArgumentError(std::move(message)); }

std::optional<int> SignedNumber(std::string_view text) {
  const bool negative = text.starts_with("-");
  if (negative || text.starts_with("+")) text.remove_prefix(1);
  const std::optional<int> number = ParseNumber(text);
  if (!number) return std::nullopt;
  return negative ? -*number : *number;
}

struct Bounds {
  int first, last;
  bool from_end = false;  // also -last to -first
};

absl::Status ReadNumbers(std::string_view name, std::string_view text, Bounds bounds,
                         std::set<int>& values) {
  for (const std::string_view part : SplitAt(text, ",")) {
    const std::optional<int> number = SignedNumber(part);
    const int size = number ? (bounds.from_end ? std::abs(*number) : *number) : -1;
    if (!number || size < bounds.first || size > bounds.last) {
      return Wrong(fmt::format("{}: \"{}\" is not between {} and {}{}", name, part, bounds.first,
                               bounds.last, bounds.from_end ? ", or that from the end" : ""));
    }
    values.insert(*number);
  }
  return absl::OkStatus();
}

std::optional<int> WeekdayNamed(std::string_view text) {
  for (size_t i = 0; i < kWeekdays.size(); ++i) {
    if (kWeekdays[i] == text) return static_cast<int>(i);
  }
  return std::nullopt;
}

absl::Status ReadWeekdays(std::string_view text, Parts& parts) {
  for (const std::string_view part : SplitAt(text, ",")) {
    const size_t at = part.size() < 2 ? 0 : part.size() - 2;
    const std::optional<int> weekday = WeekdayNamed(part.substr(at));
    const std::optional<int> nth = at == 0 ? 0 : SignedNumber(part.substr(0, at));
    if (!weekday || !nth || (at > 0 && (*nth == 0 || std::abs(*nth) > 53))) {
      return Wrong(fmt::format("BYDAY: \"{}\" is no weekday such as MO, 2TU or -1FR", part));
    }
    parts.weekdays.push_back({*weekday, *nth});
  }
  return absl::OkStatus();
}

struct DateTime {
  CivilSecond time;
  bool is_utc = false;
};

// "20270131", "20270131T090000", "20270131T090000Z".
std::optional<DateTime> ReadDateTime(std::string_view text) {
  DateTime result;
  if (text.ends_with("Z")) {
    result.is_utc = true;
    text.remove_suffix(1);
  }
  const bool has_time = text.size() == 15 && text[8] == 'T';
  if (!has_time && (text.size() != 8 || result.is_utc)) return std::nullopt;
  std::array<int, 6> numbers{};
  const std::array<std::pair<int, int>, 6> places{
      {{0, 4}, {4, 2}, {6, 2}, {9, 2}, {11, 2}, {13, 2}}};
  for (size_t i = 0; i < (has_time ? 6 : 3); ++i) {
    const std::optional<int> number = ParseNumber(text.substr(places[i].first, places[i].second));
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  result.time = CivilSecond(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
  // What was out of range has been carried over.
  const bool kept = result.time.month() == numbers[1] && result.time.day() == numbers[2] &&
                    result.time.hour() == numbers[3] && result.time.minute() == numbers[4] &&
                    result.time.second() == numbers[5];
  return kept ? std::optional(result) : std::nullopt;
}

absl::Status ReadUntil(std::string_view value, Parts& parts, ParsedRule& parsed) {
  const std::optional<DateTime> until = ReadDateTime(value);
  if (!until) return Wrong(fmt::format("UNTIL: \"{}\" is no date or time", value));
  if (until->is_utc) {
    parsed.until = absl::FromCivil(until->time, absl::UTCTimeZone());
  } else {
    // A date is its whole day.
    parts.until = value.size() == 8 ? until->time + (kDaySeconds - 1) : until->time;
  }
  return absl::OkStatus();
}

absl::Status ReadPart(std::string_view name, std::string_view value, Parts& parts,
                      ParsedRule& parsed) {
  if (name == "FREQ") {
    for (const auto& [known, freq] : kFreqs) {
      if (known != value) continue;
      parts.freq = freq;
      parts.has_freq = true;
      return absl::OkStatus();
    }
    return Wrong(fmt::format("FREQ: \"{}\" is not SECONDLY to YEARLY", value));
  }
  if (name == "INTERVAL" || name == "COUNT") {
    const std::optional<int> number = ParseNumber(value);
    if (!number || *number < 1 || *number > kMaxCount) {
      return Wrong(fmt::format("{}: \"{}\" is not between 1 and {}", name, value, kMaxCount));
    }
    (name == "COUNT" ? parts.count : parts.interval) = *number;
    return absl::OkStatus();
  }
  if (name == "UNTIL") return ReadUntil(value, parts, parsed);
  if (name == "WKST") {
    const std::optional<int> weekday = WeekdayNamed(value);
    if (!weekday) return Wrong(fmt::format("WKST: \"{}\" is no weekday", value));
    parts.week_start = *weekday;
    return absl::OkStatus();
  }
  if (name == "BYDAY") return ReadWeekdays(value, parts);
  if (name == "BYSECOND") return ReadNumbers(name, value, {0, 59}, parts.seconds);
  if (name == "BYMINUTE") return ReadNumbers(name, value, {0, 59}, parts.minutes);
  if (name == "BYHOUR") return ReadNumbers(name, value, {0, 23}, parts.hours);
  if (name == "BYMONTHDAY") return ReadNumbers(name, value, {1, 31, true}, parts.month_days);
  if (name == "BYYEARDAY") return ReadNumbers(name, value, {1, 366, true}, parts.year_days);
  if (name == "BYWEEKNO") return ReadNumbers(name, value, {1, 53, true}, parts.weeks);
  if (name == "BYMONTH") return ReadNumbers(name, value, {1, 12}, parts.months);
  if (name == "BYSETPOS") return ReadNumbers(name, value, {1, 366, true}, parts.positions);
  return Wrong(fmt::format("\"{}\" is no part of a recurrence rule", name));
}

absl::Status CheckTogether(const Parts& parts, const ParsedRule& parsed) {
  const bool nth = std::any_of(parts.weekdays.begin(), parts.weekdays.end(),
                               [](const NthWeekday& day) { return day.nth != 0; });
  const bool by_months = parts.freq == Freq::kMonthly || parts.freq == Freq::kYearly;
  if (!parts.has_freq) return Wrong("RRULE needs FREQ");
  if (nth && (!by_months || !parts.weeks.empty())) {
    return Wrong("BYDAY with a number needs FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO");
  }
  if (!parts.weeks.empty() && parts.freq != Freq::kYearly)
    return Wrong("BYWEEKNO needs FREQ=YEARLY");
  if (!parts.month_days.empty() && parts.freq == Freq::kWeekly) {
    return Wrong("BYMONTHDAY does not go with FREQ=WEEKLY");
  }
  const bool coarse =
      parts.freq == Freq::kDaily || parts.freq == Freq::kWeekly || parts.freq == Freq::kMonthly;
  if (!parts.year_days.empty() && coarse) {
    return Wrong("BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY");
  }
  if (parts.count > 0 && (parts.until || parsed.until)) return Wrong("has both COUNT and UNTIL");
  return absl::OkStatus();
}

absl::Status ReadStart(std::string_view parameters, std::string_view value, Parts& parts,
                       ParsedRule& parsed) {
  const std::optional<DateTime> start = ReadDateTime(value);
  if (!start)
    return Wrong(fmt::format("DTSTART: \"{}\" is no time such as 20270131T090000", value));
  parts.start = start->time;
  if (start->is_utc) parsed.zone = "UTC";
  for (const std::string_view parameter : SplitAt(parameters, ";")) {
    if (parameter.starts_with("TZID=")) {
      if (start->is_utc) return Wrong("DTSTART has both TZID and Z");
      parsed.zone = parameter.substr(5);
    } else if (!parameter.empty() && !parameter.starts_with("VALUE=")) {
      return Wrong(fmt::format("DTSTART: \"{}\" is not known", parameter));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadRule(std::string_view value, Parts& parts, ParsedRule& parsed) {
  for (const std::string_view part : SplitAt(value, ";")) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    if (equals == part.npos) return Wrong(fmt::format("RRULE: \"{}\" has no value", part));
    RETURN_IF_ERROR(ReadPart(part.substr(0, equals), part.substr(equals + 1), parts, parsed));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ParsedRule> ParseRecurrenceRule(std::string_view given) {
  const std::string text = absl::AsciiStrToUpper({given.data(), given.size()});
  Parts parts;
  ParsedRule parsed;
  bool has_start = false, has_rule = false;
  size_t offset = 0;
  for (const std::string_view line : SplitAt(text, "\r\n")) {
    // Names of zones keep their case.
    const std::string_view original = given.substr(offset, line.size());
    offset += line.size() + 1;
    if (line.empty()) continue;
    const size_t colon = line.find(':');
    const std::string_view value = colon == line.npos ? "" : line.substr(colon + 1);
    if (line.starts_with("DTSTART") && colon != line.npos && !has_start) {
      has_start = true;
      RETURN_IF_ERROR(ReadStart(original.substr(7, colon - 7), value, parts, parsed));
    } else if (line.starts_with("RRULE:") && !has_rule) {
      has_rule = true;
      RETURN_IF_ERROR(ReadRule(value, parts, parsed));
    } else {
      return Wrong(
          fmt::format("\"{}\" is not expected: one DTSTART and one RRULE are; RDATE is "
                      "instants of the schedule, and EXDATE exclusions",
                      original));
    }
  }
  if (!has_start || !has_rule) return Wrong("needs a DTSTART line and an RRULE line");
  RETURN_IF_ERROR(CheckTogether(parts, parsed));
  auto rule = std::make_shared<Rule>(std::move(parts));
  if (!rule->ResolveCount()) return Wrong("names nothing that comes");
  parsed.rule = std::move(rule);
  return parsed;
}

}  // namespace penstock::recurrence
