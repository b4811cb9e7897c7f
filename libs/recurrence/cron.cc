#include "libs/recurrence/cron.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fmt/format.h"
#include "libs/recurrence/cron_field.h"
#include "libs/status/macros.h"

namespace penstock::recurrence {
namespace {

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

constexpr FieldShape kSecond{"second", 0, 59};
constexpr FieldShape kMinute{"minute", 0, 59};
constexpr FieldShape kHour{"hour", 0, 23};
constexpr FieldShape kDay{"day of month", 1, 31};
constexpr FieldShape kMonth{"month", 1, 12, kMonths, 1};
constexpr FieldShape kWeekday{"day of week", 0, 7, kWeekdays, 0};
constexpr FieldShape kWeekdayFromOne{"day of week", 1, 7, kWeekdays, 1};
constexpr FieldShape kYear{"year", FieldRule::kFirstYear, FieldRule::kLastYear};

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

// What a dialect has that others have not.
struct Features {
  FieldSyntax syntax = {};
  bool day_specials = false;      // L W #
  bool one_day_field = false;     // one of the day fields is ?, the other is not
  bool question_is_star = false;  // ? means *
  bool weekdays_from_one = false;
  DayRule::Combine combine = DayRule::Combine::kBoth;
};

Features FeaturesOf(Dialect dialect) {
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

// Where each field stands, in the order of FieldTexts.
struct FieldTexts {
  std::string_view second = "0", minute = "0", hour = "0", day = "*", month = "*", weekday = "*",
                   year = "*";
};

template <typename Bits>
absl::Status ReadBits(const FieldShape& shape, std::string_view text, const Features& features,
                      Bits& bits, bool* spans_all = nullptr) {
  ASSIGN_OR_RETURN(const FieldValues field, ParseField(shape, text, features.syntax));
  bits = 0;
  for (const int value : field.values) bits |= Bits{1} << value;
  if (spans_all != nullptr) *spans_all |= field.spans_all;
  return absl::OkStatus();
}

// "L", "L-3", "LW", "15W". False when `part` is none of these.
bool ReadSpecialDay(std::string_view part, DayRule& rule) {
  const std::string upper = absl::AsciiStrToUpper(Absl(part));
  if (upper == "LW") return rule.last_weekday = true;
  if (upper == "L") return rule.before_last.push_back(0), true;
  if (upper.starts_with("L-")) {
    const std::optional<int> before = ParseNumber(std::string_view(upper).substr(2));
    if (!before || *before > 30) return false;
    return rule.before_last.push_back(*before), true;
  }
  if (!upper.ends_with("W")) return false;
  const std::optional<int> day =
      ParseFieldValue(kDay, std::string_view(upper).substr(0, upper.size() - 1));
  if (!day) return false;
  return rule.nearest_weekday.push_back(*day), true;
}

// "5L", "FRIL", "5#2", "FRI#2"; "L" alone is Saturday where weekdays count from one.
bool ReadSpecialWeekday(const FieldShape& shape, std::string_view part, DayRule& rule) {
  const int first = shape.first;  // the number of Sunday
  const size_t hash = part.find('#');
  if (hash != part.npos) {
    const std::optional<int> weekday = ParseFieldValue(shape, part.substr(0, hash));
    const std::optional<int> nth = ParseNumber(part.substr(hash + 1));
    if (!weekday || !nth || *nth < 1 || *nth > 5) return false;
    return rule.nth_weekday.push_back({(*weekday - first) % 7, *nth}), true;
  }
  if (part.empty() || (part.back() != 'L' && part.back() != 'l')) return false;
  part.remove_suffix(1);
  if (part.empty()) {
    if (first == 0) return false;
    rule.weekdays |= 1 << 6;
    return true;
  }
  const std::optional<int> weekday = ParseFieldValue(shape, part);
  if (!weekday) return false;
  return rule.last_of_weekday.push_back((*weekday - first) % 7), true;
}

absl::Status ReadDays(std::string_view text, const Features& features, DayRule& rule) {
  rule.days = 0;
  for (const std::string_view part : SplitAt(text, ",")) {
    if (features.day_specials && ReadSpecialDay(part, rule)) continue;
    uint32_t bits = 0;
    RETURN_IF_ERROR(ReadBits(kDay, part, features, bits));
    rule.days |= bits;
  }
  return absl::OkStatus();
}

absl::Status ReadWeekdays(std::string_view text, const Features& features, DayRule& rule) {
  const FieldShape& shape = features.weekdays_from_one ? kWeekdayFromOne : kWeekday;
  rule.weekdays = 0;
  for (const std::string_view part : SplitAt(text, ",")) {
    if (features.day_specials && ReadSpecialWeekday(shape, part, rule)) continue;
    ASSIGN_OR_RETURN(const FieldValues field, ParseField(shape, part, features.syntax));
    for (const int value : field.values) rule.weekdays |= 1 << (value - shape.first) % 7;
  }
  return absl::OkStatus();
}

absl::Status ReadDayFields(FieldTexts texts, const Features& features, DayRule& rule) {
  if (features.one_day_field && (texts.day == "?") == (texts.weekday == "?")) {
    return Wrong("one of day of month and day of week must be \"?\", and the other one not");
  }
  if (features.one_day_field || features.question_is_star) {
    if (texts.day == "?") texts.day = "*";
    if (texts.weekday == "?") texts.weekday = "*";
  }
  RETURN_IF_ERROR(ReadDays(texts.day, features, rule));
  RETURN_IF_ERROR(ReadWeekdays(texts.weekday, features, rule));
  // As cron(8): a field that starts with "*" restricts nothing, steps included.
  const bool both = texts.day[0] != '*' && texts.weekday[0] != '*';
  rule.combine = both ? features.combine : DayRule::Combine::kBoth;
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const CivilRule>> MakeRule(const FieldTexts& texts,
                                                          const Features& features) {
  auto rule = std::make_shared<FieldRule>();
  RETURN_IF_ERROR(ReadBits(kSecond, texts.second, features, rule->seconds));
  RETURN_IF_ERROR(ReadBits(kMinute, texts.minute, features, rule->minutes, &rule->periodic));
  RETURN_IF_ERROR(ReadBits(kHour, texts.hour, features, rule->hours, &rule->periodic));
  RETURN_IF_ERROR(ReadDayFields(texts, features, rule->days));
  RETURN_IF_ERROR(ReadBits(kMonth, texts.month, features, rule->months));
  if (texts.year != "*") {
    ASSIGN_OR_RETURN(const FieldValues years, ParseField(kYear, texts.year, features.syntax));
    rule->years.emplace();
    for (const int year : years.values) rule->years->set(year - FieldRule::kFirstYear);
  }
  if (!rule->NextFrom(absl::CivilSecond(FieldRule::kFirstYear))) {
    // A rule of years to come is found from there.
    bool comes = false;
    for (int year = FieldRule::kFirstYear; year <= FieldRule::kLastYear && !comes; year += 50) {
      comes = rule->NextFrom(absl::CivilSecond(year)).has_value();
    }
    if (!comes) return Wrong("names a day that never comes");
  }
  return std::shared_ptr<const CivilRule>(std::move(rule));
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

absl::StatusOr<FieldTexts> AssignFields(Dialect dialect,
                                        const std::vector<std::string_view>& words) {
  FieldTexts texts;
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
  ASSIGN_OR_RETURN(const FieldTexts texts, AssignFields(dialect, Words(text)));
  Cron cron;
  ASSIGN_OR_RETURN(cron.rule, MakeRule(texts, FeaturesOf(dialect)));
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
  FieldTexts texts;
  const std::pair<const std::string*, std::string_view*> given[] = {
      {&calendar.second, &texts.second}, {&calendar.minute, &texts.minute},
      {&calendar.hour, &texts.hour},     {&calendar.day_of_month, &texts.day},
      {&calendar.month, &texts.month},   {&calendar.day_of_week, &texts.weekday},
      {&calendar.year, &texts.year},
  };
  for (const auto& [text, place] : given) {
    if (!text->empty()) *place = *text;
  }
  Features features = FeaturesOf(Dialect::kSpring);
  return MakeRule(texts, features);
}

}  // namespace penstock::recurrence
