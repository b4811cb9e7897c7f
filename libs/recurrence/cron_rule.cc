#include "libs/recurrence/cron_rule.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
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

absl::Status Wrong(std::string message) { return absl::InvalidArgumentError(std::move(message)); }

template <typename Bits>
absl::Status ReadBits(const FieldShape& shape, std::string_view text, const CronFeatures& features,
                      Bits& bits, bool* spans_all = nullptr) {
  ASSIGN_OR_RETURN(const FieldValues field, ParseField(shape, text, features.syntax));
  bits = 0;
  for (const int value : field.values) bits |= Bits{1} << value;
  if (spans_all != nullptr) *spans_all |= field.spans_all;
  return absl::OkStatus();
}

// "L", "L-3", "LW", "15W". False when `part` is none of these.
bool ReadSpecialDay(std::string_view part, DayRule& rule) {
  const std::string upper = absl::AsciiStrToUpper({part.data(), part.size()});
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

absl::Status ReadDays(std::string_view text, const CronFeatures& features, DayRule& rule) {
  rule.days = 0;
  for (const std::string_view part : SplitAt(text, ",")) {
    if (features.day_specials && ReadSpecialDay(part, rule)) continue;
    uint32_t bits = 0;
    RETURN_IF_ERROR(ReadBits(kDay, part, features, bits));
    rule.days |= bits;
  }
  return absl::OkStatus();
}

absl::Status ReadWeekdays(std::string_view text, const CronFeatures& features, DayRule& rule) {
  const FieldShape& shape = features.weekdays_from_one ? kWeekdayFromOne : kWeekday;
  rule.weekdays = 0;
  for (const std::string_view part : SplitAt(text, ",")) {
    if (features.day_specials && ReadSpecialWeekday(shape, part, rule)) continue;
    ASSIGN_OR_RETURN(const FieldValues field, ParseField(shape, part, features.syntax));
    for (const int value : field.values) rule.weekdays |= 1 << (value - shape.first) % 7;
  }
  return absl::OkStatus();
}

absl::Status ReadDayFields(CronTexts texts, const CronFeatures& features, DayRule& rule) {
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

}  // namespace

absl::StatusOr<std::shared_ptr<const CivilRule>> MakeCronRule(
    const CronTexts& texts, const CronFeatures& features) {
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

}  // namespace penstock::recurrence
