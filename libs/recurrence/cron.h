// Cron expressions in a declared dialect.
//
// vixie: minute hour day month weekday; either day field, if both are restricted; @daily, CRON_TZ=
// quartz: second minute hour day month weekday [year]; one day field is ?; L W #; Sunday is 1
// spring: second minute hour day month weekday; both day fields; L W #, ?, @daily
// aws: minute hour day month weekday year; as quartz; also cron(), rate(), at()
// temporal: [second] minute hour day month weekday [year]; both; CRON_TZ=, @every 5m/1m, # comment
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/recurrence/civil_rule.h"

namespace penstock::recurrence {

// kUndeclared takes what can't be mistaken: five fields or a macro, which are vixie.
enum class Dialect { kUndeclared, kVixie, kQuartz, kSpring, kAws, kTemporal };

// "vixie"; empty for kUndeclared.
std::string_view DialectName(Dialect dialect);
std::optional<Dialect> DialectOf(std::string_view name);

struct Cron {
  // Exactly one of the three is set.
  std::shared_ptr<const CivilRule> rule = {};
  std::optional<absl::Duration> every = {};     // @every, rate()
  std::optional<absl::CivilSecond> once = {};   // at()
  absl::Duration phase = absl::ZeroDuration();  // of `every`
  std::string zone = {};                        // of CRON_TZ=; empty = the schedule's
  bool has_seconds = false;
};

// INVALID_ARGUMENT, naming the field; also for what never comes, such as the 30th of February.
absl::StatusOr<Cron> ParseCron(Dialect dialect, std::string_view text);

// One text per field, as spring reads them; empty = its default: 0 for times, every day for dates.
struct Calendar {
  std::string second = {}, minute = {}, hour = {}, day_of_month = {}, month = {}, year = {},
              day_of_week = {};
};
absl::StatusOr<std::shared_ptr<const CivilRule>> ParseCalendar(const Calendar& calendar);

}  // namespace penstock::recurrence
