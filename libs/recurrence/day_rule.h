// Which days of a month are due: by number, from the end, by weekday, by both.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"

namespace penstock::recurrence {

// 0 = Sunday, as cron counts.
int WeekdayOf(absl::CivilDay day);
int DaysIn(absl::CivilMonth month);

struct DayRule {
  static constexpr uint32_t kAllDays = 0xfffffffe;  // bit n = day n
  static constexpr uint8_t kAllWeekdays = 0x7f;     // bit n = weekday n

  // How days of the month and of the week go together: a day must fit both, or either.
  enum class Combine { kBoth, kEither };

  uint32_t days = kAllDays;
  std::vector<int> before_last = {};      // 0 = the last day, 3 = the third before it
  std::vector<int> nearest_weekday = {};  // of a day: Monday to Friday, in the same month
  bool last_weekday = false;              // the last Monday to Friday of the month
  uint8_t weekdays = kAllWeekdays;
  std::vector<std::pair<int, int>> nth_weekday = {};  // weekday, 1 to 5
  std::vector<int> last_of_weekday = {};              // weekday
  Combine combine = Combine::kBoth;

  // Bit n = day n of the month is due.
  uint32_t DueDays(absl::CivilMonth month) const;
};

}  // namespace penstock::recurrence
