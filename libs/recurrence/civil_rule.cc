#include "libs/recurrence/civil_rule.h"

#include <bit>

namespace penstock::recurrence {
namespace {

// The weekdays of the 29th of February repeat after at most 40 years.
constexpr int kHorizonYears = 100;

// The first bit of `bits` at or after `from`.
std::optional<int> FirstBit(uint64_t bits, int from) {
  if (from > 63) return std::nullopt;
  bits &= ~uint64_t{0} << from;
  if (bits == 0) return std::nullopt;
  return std::countr_zero(bits);
}

}  // namespace

bool FieldRule::HasYear(int64_t year) const {
  if (!years) return true;
  return year >= kFirstYear && year <= kLastYear && years->test(year - kFirstYear);
}

std::optional<int> FieldRule::TimeFrom(int from) const {
  int hour = from / 3600, minute = from / 60 % 60, second = from % 60;
  for (std::optional<int> h = FirstBit(hours, hour); h; h = FirstBit(hours, *h + 1)) {
    if (*h > hour) minute = second = 0;
    for (std::optional<int> m = FirstBit(minutes, minute); m; m = FirstBit(minutes, *m + 1)) {
      if (*h > hour || *m > minute) second = 0;
      if (const std::optional<int> s = FirstBit(seconds, second)) {
        return *h * 3600 + *m * 60 + *s;
      }
    }
  }
  return std::nullopt;
}

std::optional<absl::CivilSecond> FieldRule::NextFrom(absl::CivilSecond from) const {
  const absl::CivilMonth start(from);
  const absl::CivilMonth end(from.year() + kHorizonYears, 1);
  for (absl::CivilMonth month = start; month < end; ++month) {
    if (!HasYear(month.year())) {
      month = absl::CivilMonth(month.year(), 12);
      continue;
    }
    if (!((months >> month.month()) & 1)) continue;
    uint32_t due = days.DueDays(month);
    if (month == start) due &= ~uint32_t{0} << from.day();
    for (; due != 0; due &= due - 1) {
      const int day = std::countr_zero(due);
      const bool first = month == start && day == from.day();
      const std::optional<int> time =
          TimeFrom(first ? from.hour() * 3600 + from.minute() * 60 + from.second() : 0);
      if (time) return absl::CivilSecond(month.year(), month.month(), day, 0, 0, *time);
    }
  }
  return std::nullopt;
}

}  // namespace penstock::recurrence
