#include "libs/cron/cron.h"

#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"
#include "fmt/format.h"

namespace penstock {
namespace {

struct Field {
  std::string_view name;
  int first;
  int last;
  std::vector<std::string_view> names;  // of first, first + 1, ...
};

const std::array<Field, 5>& Fields() {
  static const std::array<Field, 5> fields = {{
      {"minute", 0, 59, {}},
      {"hour", 0, 23, {}},
      {"day of month", 1, 31, {}},
      {"month", 1, 12,
       {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      {"day of week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
  }};
  return fields;
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> ParseNumber(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || text[0] == '-') {
    return std::nullopt;
  }
  return value;
}

std::optional<int> ParseValue(const Field& field, std::string_view text) {
  for (size_t i = 0; i < field.names.size(); ++i) {
    if (absl::EqualsIgnoreCase(absl::string_view(text.data(), text.size()),
                               absl::string_view(field.names[i].data(), field.names[i].size()))) {
      return field.first + static_cast<int>(i);
    }
  }
  const std::optional<int> number = ParseNumber(text);
  return number && *number >= field.first && *number <= field.last ? number : std::nullopt;
}

// One of a list: "*", "5", "1-5", each with "/step".
std::optional<uint64_t> ParseRange(const Field& field, std::string_view text) {
  const std::vector<std::string_view> stepped = Split(text, "/");
  const std::optional<int> step = stepped.size() == 2 ? ParseNumber(stepped[1]) : 1;
  if (stepped.size() > 2 || !step || *step < 1) return std::nullopt;
  std::optional<int> first = field.first;
  std::optional<int> last = field.last;
  if (stepped[0] != "*") {
    const std::vector<std::string_view> ends = Split(stepped[0], "-");
    if (ends.size() > 2) return std::nullopt;
    first = ParseValue(field, ends[0]);
    // "5/10" says nothing in cron(8).
    if (ends.size() == 1 && stepped.size() == 2) return std::nullopt;
    last = ends.size() == 2 ? ParseValue(field, ends[1]) : first;
    if (!first || !last || *first > *last) return std::nullopt;
  }
  uint64_t bits = 0;
  for (int value = *first; value <= *last; value += *step) bits |= uint64_t{1} << value;
  return bits;
}

absl::StatusOr<uint64_t> ParseField(const Field& field, std::string_view text) {
  uint64_t bits = 0;
  for (std::string_view part : Split(text, ",")) {
    const std::optional<uint64_t> range = ParseRange(field, part);
    if (!range) {
      return absl::InvalidArgumentError(fmt::format("\"{}\" is no {}: {} to {}, ranges and steps",
                                                    part, field.name, field.first, field.last));
    }
    bits |= *range;
  }
  return bits;
}

bool Has(uint64_t bits, int64_t value) { return (bits >> value) & 1; }

absl::Time InstantOf(absl::CivilMinute minute, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(minute));
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

}  // namespace

absl::StatusOr<CronExpression> CronExpression::Parse(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::string_view part : Split(text, " \t")) {
    if (!part.empty()) parts.push_back(part);
  }
  if (parts.size() != Fields().size()) {
    return absl::InvalidArgumentError(fmt::format(
        "must have five fields (minute hour day-of-month month day-of-week), not {}", parts.size()));
  }
  CronExpression result;
  uint64_t* const targets[] = {&result.minutes_, &result.hours_, &result.days_of_month_,
                               &result.months_, &result.days_of_week_};
  for (size_t i = 0; i < parts.size(); ++i) {
    absl::StatusOr<uint64_t> bits = ParseField(Fields()[i], parts[i]);
    if (!bits.ok()) return bits.status();
    *targets[i] = *bits;
  }
  if (Has(result.days_of_week_, 7)) result.days_of_week_ |= 1;
  // As cron(8): a field that starts with "*" restricts nothing, steps included.
  result.any_day_of_month_ = parts[2][0] == '*';
  result.any_day_of_week_ = parts[4][0] == '*';
  if (!result.NextAfter(absl::UnixEpoch(), absl::UTCTimeZone())) {
    return absl::InvalidArgumentError("names a day that never comes");
  }
  return result;
}

bool CronExpression::IsDueDay(absl::CivilDay day) const {
  if (!Has(months_, day.month())) return false;
  const bool of_month = Has(days_of_month_, day.day());
  // absl counts from Monday.
  const int weekday = (static_cast<int>(absl::GetWeekday(day)) + 1) % 7;
  const bool of_week = Has(days_of_week_, weekday);
  return any_day_of_month_ || any_day_of_week_ ? of_month && of_week : of_month || of_week;
}

std::optional<absl::Time> CronExpression::NextAfter(absl::Time after, absl::TimeZone zone) const {
  // From the hour's start: a zone that sets its clock back passes minutes of the hour before again.
  const absl::CivilMinute start(absl::ToCivilHour(after, zone) - 1);
  absl::CivilDay day(start);
  const absl::CivilDay end(day.year() + 10, day.month(), 1);
  for (; day < end; ++day) {
    if (!IsDueDay(day)) continue;
    for (int hour = 0; hour < 24; ++hour) {
      if (!Has(hours_, hour)) continue;
      for (int minute = 0; minute < 60; ++minute) {
        if (!Has(minutes_, minute)) continue;
        const absl::CivilMinute due(day.year(), day.month(), day.day(), hour, minute);
        if (due < start) continue;
        const absl::Time instant = InstantOf(due, zone);
        if (instant > after) return instant;
      }
    }
  }
  return std::nullopt;
}

}  // namespace penstock
