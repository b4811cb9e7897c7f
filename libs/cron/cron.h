// Five-field cron expressions (minute hour day-of-month month day-of-week), as cron(8) of Debian reads them.
//
// Fields hold lists of numbers, ranges and steps ("*/15", "1-5", "mon,wed"); names of months and days in English; 7 is Sunday too. When
// both day fields are restricted, a day that fits either is due. Six fields, "@daily" and "L" are other dialects and refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace penstock {

class CronExpression {
 public:
  // INVALID_ARGUMENT, naming the field; also for what never comes, such as the 30th of February.
  static absl::StatusOr<CronExpression> Parse(std::string_view text);

  // The first due instant after `after` in `zone`. A local time that the zone skips is due when the gap ends; one that it repeats
  // is due the first time. Nothing when there is none within ten years.
  std::optional<absl::Time> NextAfter(absl::Time after, absl::TimeZone zone) const;

 private:
  bool IsDueDay(absl::CivilDay day) const;

  uint64_t minutes_ = 0;  // bit n = value n is due
  uint64_t hours_ = 0;
  uint64_t days_of_month_ = 0;
  uint64_t months_ = 0;
  uint64_t days_of_week_ = 0;  // 0 = Sunday
  bool any_day_of_month_ = false;
  bool any_day_of_week_ = false;
};

}  // namespace penstock
