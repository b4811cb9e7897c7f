#include "libs/recurrence/rrule_parts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/recurrence/cron_field.h"
#include "libs/status/macros.h"

namespace penstock::recurrence {
namespace {

using absl::CivilDay;
using absl::CivilSecond;

constexpr int kDaySeconds = 86400;
constexpr int kMaxCount = 100'000;

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

absl::Status ReadWeekdays(std::string_view text, RruleParts& parts) {
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

absl::Status ReadUntil(std::string_view value, RruleParts& parts, WrittenRrule& written) {
  const std::optional<DateTime> until = ReadDateTime(value);
  if (!until) return Wrong(fmt::format("UNTIL: \"{}\" is no date or time", value));
  if (until->is_utc) {
    written.until = absl::FromCivil(until->time, absl::UTCTimeZone());
  } else {
    // A date is its whole day.
    parts.until = value.size() == 8 ? until->time + (kDaySeconds - 1) : until->time;
  }
  return absl::OkStatus();
}

absl::Status ReadPart(std::string_view name, std::string_view value, RruleParts& parts,
                      WrittenRrule& written) {
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
  if (name == "UNTIL") return ReadUntil(value, parts, written);
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

absl::Status CheckTogether(const RruleParts& parts, const WrittenRrule& written) {
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
  if (parts.count > 0 && (parts.until || written.until)) return Wrong("has both COUNT and UNTIL");
  return absl::OkStatus();
}

absl::Status ReadStart(std::string_view parameters, std::string_view value, RruleParts& parts,
                       WrittenRrule& written) {
  const std::optional<DateTime> start = ReadDateTime(value);
  if (!start)
    return Wrong(fmt::format("DTSTART: \"{}\" is no time such as 20270131T090000", value));
  parts.start = start->time;
  if (start->is_utc) written.zone = "UTC";
  for (const std::string_view parameter : SplitAt(parameters, ";")) {
    const size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string name = absl::AsciiStrToUpper({parameter.data(), equals});
    const bool has_value = equals < parameter.size();
    if (name == "TZID" && has_value) {
      if (start->is_utc) return Wrong("DTSTART has both TZID and Z");
      written.zone = parameter.substr(equals + 1);
    } else if (!parameter.empty() && (name != "VALUE" || !has_value)) {
      return Wrong(fmt::format("DTSTART: \"{}\" is not known", parameter));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadRule(std::string_view value, RruleParts& parts, WrittenRrule& written) {
  for (const std::string_view part : SplitAt(value, ";")) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    if (equals == part.npos) return Wrong(fmt::format("RRULE: \"{}\" has no value", part));
    RETURN_IF_ERROR(ReadPart(part.substr(0, equals), part.substr(equals + 1), parts, written));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<WrittenRrule> ReadRrule(std::string_view given) {
  const std::string text = absl::AsciiStrToUpper({given.data(), given.size()});
  WrittenRrule written;
  RruleParts& parts = written.parts;
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
      RETURN_IF_ERROR(ReadStart(original.substr(7, colon - 7), value, parts, written));
    } else if (line.starts_with("RRULE:") && !has_rule) {
      has_rule = true;
      RETURN_IF_ERROR(ReadRule(value, parts, written));
    } else {
      return Wrong(
          fmt::format("\"{}\" is not expected: one DTSTART and one RRULE are; RDATE is "
                      "instants of the schedule, and EXDATE exclusions",
                      original));
    }
  }
  if (!has_start || !has_rule) return Wrong("needs a DTSTART line and an RRULE line");
  RETURN_IF_ERROR(CheckTogether(parts, written));
  return written;
}

}  // namespace penstock::recurrence
