#include "services/connector/providers/day.h"

#include "re2/re2.h"

namespace penstock::connector {

std::optional<absl::CivilDay> ParseDay(const std::string& text) {
  static const RE2& form = *new RE2(R"((\d{4})-(\d{2})-(\d{2}))");
  int year = 0, month = 0, day = 0;
  if (!RE2::FullMatch(text, form, &year, &month, &day)) return std::nullopt;
  const absl::CivilDay parsed(year, month, day);  // turns 30 February into a day of March
  if (parsed.year() != year || parsed.month() != month || parsed.day() != day) return std::nullopt;
  return parsed;
}

}  // namespace penstock::connector
