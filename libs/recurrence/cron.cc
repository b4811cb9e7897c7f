#include "libs/recurrence/cron.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"
#include "libs/recurrence/cron_field.h"
#include "libs/recurrence/cron_rule.h"
#include "libs/status/macros.h"

namespace penstock::recurrence {
namespace {

constexpr std::array<std::pair<Dialect, std::string_view>, 6> kDialects{{
    {Dialect::kUndeclared, ""},
    {Dialect::kVixie, "vixie"},
    {Dialect::kQuartz, "quartz"},
    {Dialect::kSpring, "spring"},
    {Dialect::kAws, "aws"},
    {Dialect::kTemporal, "temporal"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kMacros{{
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
    {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
}};

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return absl::StartsWithIgnoreCase(Absl(text), Absl(prefix));
}

std::string_view Trim(std::string_view text) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(Absl(text));
  return {trimmed.data(), trimmed.size()};
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : SplitAt(text, " \t")) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

absl::Status Wrong(std::string message) { return absl::InvalidArgumentError(std::move(message)); }

CronFeatures FeaturesOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kQuartz:
    case Dialect::kAws:
      return {.syntax = {.open_steps = true, .wrapping = true},
              .day_specials = true,
              .one_day_field = true,
              .weekdays_from_one = true};
    case Dialect::kSpring:
      return {.syntax = {.open_steps = true}, .day_specials = true, .question_is_star = true};
    case Dialect::kTemporal:
      return {.syntax = {.open_steps = true}};
    default:
      return {.combine = DayRule::Combine::kEither};
  }
}

std::string_view FieldsOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kQuartz:
      return "second minute hour day-of-month month day-of-week [year]";
    case Dialect::kSpring:
      return "second minute hour day-of-month month day-of-week";
    case Dialect::kAws:
      return "minute hour day-of-month month day-of-week year";
    case Dialect::kTemporal:
      return "[second] minute hour day-of-month month day-of-week [year]";
    default:
      return "minute hour day-of-month month day-of-week";
  }
}

absl::Status WrongCount(Dialect dialect, size_t count) {
  if (dialect == Dialect::kUndeclared && (count == 6 || count == 7)) {
    return Wrong(fmt::format(
        "has {} fields, which dialects read differently (seconds first in quartz and spring, the "
        "year last in aws and temporal): declare the dialect",
        count));
  }
  return Wrong(fmt::format("must have the fields {}, but there {} {}", FieldsOf(dialect),
                           count == 1 ? "is" : "are", count));
}

absl::StatusOr<CronTexts> AssignFields(Dialect dialect,
                                        const std::vector<std::string_view>& words) {
  CronTexts texts;
  std::vector<std::string_view*> places = {&texts.minute, &texts.hour, &texts.day, &texts.month,
                                           &texts.weekday};
  const size_t count = words.size();
  switch (dialect) {
    case Dialect::kQuartz:
      places.insert(places.begin(), &texts.second);
      if (count == 7) places.push_back(&texts.year);
      break;
    case Dialect::kSpring:
      places.insert(places.begin(), &texts.second);
      break;
    case Dialect::kAws:
      places.push_back(&texts.year);
      break;
    case Dialect::kTemporal:
      if (count >= 6) places.push_back(&texts.year);
      if (count == 7) places.insert(places.begin(), &texts.second);
      break;
    default:
      break;
  }
  if (count != places.size()) return WrongCount(dialect, count);
  for (size_t i = 0; i < count; ++i) *places[i] = words[i];
  return texts;
}

absl::StatusOr<absl::Duration> ReadDuration(std::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(Absl(text), &duration) || duration == absl::InfiniteDuration()) {
    return Wrong(fmt::format("\"{}\" is no duration such as \"90s\" or \"1h30m\"", text));
  }
  return duration;
}

// "@every 5m", "@every 5m/1m".
absl::StatusOr<Cron> ReadEvery(std::string_view text) {
  Cron cron;
  const std::vector<std::string_view> parts = SplitAt(text, "/");
  if (parts.size() > 2) return Wrong("@every takes an interval and a phase: \"@every 5m/1m\"");
  ASSIGN_OR_RETURN(cron.every, ReadDuration(Trim(parts[0])));
  if (parts.size() == 2) {
    ASSIGN_OR_RETURN(cron.phase, ReadDuration(Trim(parts[1])));
  }
  return cron;
}

// "5 minutes".
absl::StatusOr<Cron> ReadRate(std::string_view text) {
  const std::vector<std::string_view> words = Words(text);
  const std::optional<int> count = words.size() == 2 ? ParseNumber(words[0]) : std::nullopt;
  absl::Duration unit;
  const std::string_view name = words.size() == 2 ? words[1] : "";
  if (name == "minute" || name == "minutes") unit = absl::Minutes(1);
  if (name == "hour" || name == "hours") unit = absl::Hours(1);
  if (name == "day" || name == "days") unit = absl::Hours(24);
  if (!count || *count < 1 || unit == absl::ZeroDuration()) {
    return Wrong("rate() takes a number and minutes, hours or days: \"rate(5 minutes)\"");
  }
  Cron cron;
  cron.every = *count * unit;
  return cron;
}

absl::StatusOr<Cron> ReadAt(std::string_view text) {
  absl::CivilSecond at;
  if (!absl::ParseCivilTime(Absl(text), &at)) {
    return Wrong("at() takes a local time: \"at(2027-01-31T09:00:00)\"");
  }
  Cron cron;
  cron.once = at;
  return cron;
}

absl::StatusOr<Cron> ReadFields(Dialect dialect, std::string_view text) {
  ASSIGN_OR_RETURN(const CronTexts texts, AssignFields(dialect, Words(text)));
  Cron cron;
  ASSIGN_OR_RETURN(cron.rule, MakeCronRule(texts, FeaturesOf(dialect)));
  cron.has_seconds = dialect == Dialect::kQuartz || dialect == Dialect::kSpring ||
                     (dialect == Dialect::kTemporal && Words(text).size() == 7);
  return cron;
}

// The inside of name(...), if `text` is that.
std::optional<std::string_view> Call(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || !text.ends_with(")")) return std::nullopt;
  text.remove_prefix(name.size());
  if (!text.starts_with("(")) return std::nullopt;
  return Trim(text.substr(1, text.size() - 2));
}

absl::StatusOr<Cron> ReadAws(std::string_view text) {
  if (const auto rate = Call(text, "rate")) return ReadRate(*rate);
  if (const auto at = Call(text, "at")) return ReadAt(*at);
  return ReadFields(Dialect::kAws, Call(text, "cron").value_or(text));
}

absl::StatusOr<Cron> ReadMacro(Dialect dialect, std::string_view text) {
  if (StartsWithIgnoringCase(text, "@every ")) {
    if (dialect == Dialect::kTemporal) return ReadEvery(text.substr(7));
    return Wrong("@every is of the temporal dialect: declare it, or use an interval");
  }
  for (const auto& [name, fields] : kMacros) {
    if (absl::EqualsIgnoreCase(Absl(name), Absl(text))) return ReadFields(Dialect::kVixie, fields);
  }
  return Wrong(
      fmt::format("\"{}\" is no macro: @hourly, @daily, @weekly, @monthly, @yearly", text));
}

}  // namespace

std::string_view DialectName(Dialect dialect) {
  for (const auto& [value, name] : kDialects) {
    if (value == dialect) return name;
  }
  return "";
}

std::optional<Dialect> DialectOf(std::string_view name) {
  for (const auto& [value, known] : kDialects) {
    if (known == name) return value;
  }
  return std::nullopt;
}

absl::StatusOr<Cron> ParseCron(Dialect dialect, std::string_view text) {
  std::string zone;
  const bool has_zone = dialect == Dialect::kTemporal || dialect == Dialect::kVixie ||
                        dialect == Dialect::kUndeclared;
  if (dialect == Dialect::kTemporal) text = text.substr(0, text.find('#'));
  text = Trim(text);
  for (const std::string_view prefix : {"CRON_TZ=", "TZ="}) {
    if (!has_zone || !text.starts_with(prefix)) continue;
    const size_t end = text.find_first_of(" \t");
    zone = text.substr(prefix.size(), end == text.npos ? end : end - prefix.size());
    if (zone.empty()) return Wrong(fmt::format("{} names no time zone", prefix));
    text = end == text.npos ? "" : Trim(text.substr(end));
    break;
  }
  if (text.empty()) return Wrong("is empty");
  const bool has_macros = dialect != Dialect::kQuartz && dialect != Dialect::kAws;
  absl::StatusOr<Cron> cron = text[0] == '@' && has_macros ? ReadMacro(dialect, text)
                              : dialect == Dialect::kAws   ? ReadAws(text)
                                                           : ReadFields(dialect, text);
  if (cron.ok()) cron->zone = zone;
  return cron;
}

absl::StatusOr<std::shared_ptr<const CivilRule>> ParseCalendar(const Calendar& calendar) {
  CronTexts texts;
  const std::pair<const std::string*, std::string_view*> given[] = {
      {&calendar.second, &texts.second}, {&calendar.minute, &texts.minute},
      {&calendar.hour, &texts.hour},     {&calendar.day_of_month, &texts.day},
      {&calendar.month, &texts.month},   {&calendar.day_of_week, &texts.weekday},
      {&calendar.year, &texts.year},
  };
  for (const auto& [text, place] : given) {
    if (!text->empty()) *place = *text;
  }
  return MakeCronRule(texts, FeaturesOf(Dialect::kSpring));
}

}  // namespace penstock::recurrence
