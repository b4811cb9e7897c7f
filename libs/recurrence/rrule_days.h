// Which days a recurrence rule names, period by period of its FREQ. Times of the day are rrule.h's.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/recurrence/rrule_parts.h"

namespace penstock::recurrence {

// Rounds down, also below zero.
constexpr int64_t FloorDiv(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

// `parts` outlives it.
class RruleDays {
 public:
  explicit RruleDays(const RruleParts& parts) : parts_(parts) {}

  // The number of the period with `day`, or of the one before where intervals leave gaps.
  int64_t FirstPeriod(absl::CivilDay day) const;
  absl::CivilDay PeriodStart(int64_t k) const;
  // Those that are due, in order, of the period that begins with `first`.
  std::vector<absl::CivilDay> DaysOfPeriod(absl::CivilDay first) const;
  bool IsDue(absl::CivilDay day) const;

 private:
  bool IsDueWeek(absl::CivilDay day, int64_t year) const;
  // What the rule does not say DTSTART does.
  bool IsDueByStart(absl::CivilDay day) const;
  bool IsWeekday(absl::CivilDay day, const NthWeekday& due) const;

  const RruleParts& parts_;
};

}  // namespace penstock::recurrence
