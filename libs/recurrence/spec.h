// What a schedule declares: when it is due, as its owner wrote it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/recurrence/cron.h"
#include "libs/recurrence/zoned_rule.h"

namespace penstock::recurrence {

struct CronSpec {
  Dialect dialect = Dialect::kUndeclared;
  std::string expression = {};
};

// Due at epoch + n * every + phase, whatever the zone.
struct IntervalSpec {
  absl::Duration every = {};
  absl::Duration phase = {};
};

struct RuleSet {
  std::vector<CronSpec> crons = {};
  std::vector<IntervalSpec> intervals = {};
  std::vector<Calendar> calendars = {};
  std::vector<std::string> rrules = {};  // RFC 5545
  std::vector<absl::Time> instants = {};
  std::vector<absl::CivilDay> dates = {};  // whole days of the zone; exclusions only

  bool empty() const {
    return crons.empty() && intervals.empty() && calendars.empty() && rrules.empty() &&
           instants.empty() && dates.empty();
  }
};

struct Spec {
  // Due is what any of these names and no exclusion does. An exclusion without seconds takes whole
  // minutes.
  RuleSet rules = {};
  RuleSet exclusions = {};
  std::string time_zone = "UTC";
  // Both included.
  std::optional<absl::Time> start = {}, end = {};
  // Each instant is late by a share of this, always the same one, and never past the next.
  absl::Duration jitter = {};
  // None: as cron(8) of Debian, see ZonedRule.
  std::optional<GapPolicy> gap = {};
  std::optional<RepeatPolicy> repeat = {};
};

}  // namespace penstock::recurrence
