#include "libs/recurrence/day_rule.h"

namespace penstock::recurrence {
namespace {

uint32_t Bit(int day) { return uint32_t{1} << day; }

bool IsWorkday(int weekday) { return weekday >= 1 && weekday <= 5; }

// The Monday to Friday that is nearest to `day` without leaving the month.
int NearestWorkday(absl::CivilMonth month, int day) {
  const int weekday = WeekdayOf(absl::CivilDay(month.year(), month.month(), day));
  if (weekday == 6) return day == 1 ? 3 : day - 1;
  if (weekday == 0) return day == DaysIn(month) ? day - 2 : day + 1;
  return day;
}

}  // namespace

// absl counts from Monday.
int WeekdayOf(absl::CivilDay day) { return (static_cast<int>(absl::GetWeekday(day)) + 1) % 7; }

int DaysIn(absl::CivilMonth month) {
  return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month));
}

uint32_t DayRule::DueDays(absl::CivilMonth month) const {
  const int last = DaysIn(month);
  const uint32_t valid = kAllDays & ~(last == 31 ? 0 : ~uint32_t{0} << (last + 1));
  uint32_t of_month = days;
  for (const int before : before_last) {
    if (before < last) of_month |= Bit(last - before);
  }
  for (const int day : nearest_weekday) {
    if (day <= last) of_month |= Bit(NearestWorkday(month, day));
  }
  if (last_weekday) {
    int day = last;
    while (!IsWorkday(WeekdayOf(absl::CivilDay(month.year(), month.month(), day)))) --day;
    of_month |= Bit(day);
  }
  if (weekdays == kAllWeekdays && combine == Combine::kBoth) return of_month & valid;
  const int first_weekday = WeekdayOf(absl::CivilDay(month));
  uint32_t of_week = 0;
  for (int day = 1; day <= last; ++day) {
    if ((weekdays >> ((first_weekday + day - 1) % 7)) & 1) of_week |= Bit(day);
  }
  for (const auto& [weekday, nth] : nth_weekday) {
    const int day = 1 + (weekday - first_weekday + 7) % 7 + 7 * (nth - 1);
    if (day <= last) of_week |= Bit(day);
  }
  for (const int weekday : last_of_weekday) {
    const int first = 1 + (weekday - first_weekday + 7) % 7;
    of_week |= Bit(first + (last - first) / 7 * 7);
  }
  return valid & (combine == Combine::kEither ? of_month | of_week : of_month & of_week);
}

}  // namespace penstock::recurrence
