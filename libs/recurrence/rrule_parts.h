// What a recurrence rule of RFC 5545 says, part by part, and reading it from its text. Which
// instants that makes rrule.h knows.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace penstock::recurrence {

enum class Freq { kSecondly, kMinutely, kHourly, kDaily, kWeekly, kMonthly, kYearly };

struct NthWeekday {
  int weekday;
  int nth;  // 0 = every one
};

struct RruleParts {
  absl::CivilSecond start;
  Freq freq = Freq::kDaily;
  bool has_freq = false;
  int interval = 1;
  int count = 0;  // 0 = no end by count
  std::optional<absl::CivilSecond> until = {};  // inclusive
  int week_start = 1;
  std::set<int> seconds = {}, minutes = {}, hours = {}, month_days = {}, year_days = {}, weeks = {},
                months = {}, positions = {};
  std::vector<NthWeekday> weekdays = {};
};

struct WrittenRrule {
  RruleParts parts = {};
  std::string zone = {};  // of DTSTART's TZID, "UTC" for a time with Z; empty = the schedule's
  std::optional<absl::Time> until = {};  // UNTIL with Z
};

// INVALID_ARGUMENT naming the part that is wrong.
absl::StatusOr<WrittenRrule> ReadRrule(std::string_view text);

}  // namespace penstock::recurrence
