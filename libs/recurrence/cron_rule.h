// The fields of a cron expression as a rule, whichever dialect has put them in their places.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/recurrence/civil_rule.h"
#include "libs/recurrence/cron_field.h"
#include "libs/recurrence/day_rule.h"

namespace penstock::recurrence {

// What a dialect has that others have not.
struct CronFeatures {
  FieldSyntax syntax = {};
  bool day_specials = false;      // L W #
  bool one_day_field = false;     // one of the day fields is ?, the other is not
  bool question_is_star = false;  // ? means *
  bool weekdays_from_one = false;
  DayRule::Combine combine = DayRule::Combine::kBoth;
};

// Views of the expression.
struct CronTexts {
  std::string_view second = "0", minute = "0", hour = "0", day = "*", month = "*", weekday = "*",
                   year = "*";
};

// INVALID_ARGUMENT, naming the field; also for a day that never comes.
absl::StatusOr<std::shared_ptr<const CivilRule>> MakeCronRule(const CronTexts& texts,
                                                              const CronFeatures& features);

}  // namespace penstock::recurrence
