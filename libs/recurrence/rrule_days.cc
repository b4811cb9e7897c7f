#include "libs/recurrence/rrule_days.h"

#include <algorithm>

#include "libs/recurrence/day_rule.h"

namespace penstock::recurrence {
namespace {

using absl::CivilDay;
using absl::CivilMonth;

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

}  // namespace

int64_t RruleDays::FirstPeriod(CivilDay day) const {
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

CivilDay RruleDays::PeriodStart(int64_t k) const {
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

std::vector<CivilDay> RruleDays::DaysOfPeriod(CivilDay first) const {
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

bool RruleDays::IsDue(CivilDay day) const {
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

bool RruleDays::IsDueWeek(CivilDay day, int64_t year) const {
  const CivilDay first = FirstWeek(year, parts_.week_start);
  const int weeks = static_cast<int>((FirstWeek(year + 1, parts_.week_start) - first) / 7);
  const int week = static_cast<int>((day - first) / 7) + 1;
  return Matches(parts_.weeks, week, week - weeks - 1);
}

bool RruleDays::IsDueByStart(CivilDay day) const {
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

bool RruleDays::IsWeekday(CivilDay day, const NthWeekday& due) const {
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

}  // namespace penstock::recurrence
