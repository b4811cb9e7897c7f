// Recurrence rules of RFC 5545 (iCalendar): DTSTART and RRULE.
//
// DTSTART is required; it is an instant only if the rule names it. RDATE and EXDATE are instants
// and exclusions of the schedule instead. BYWEEKNO without BYDAY means the weekday of DTSTART.
// COUNT counts local times, whatever the clock's changes make of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/recurrence/civil_rule.h"

namespace penstock::recurrence {

struct ParsedRule {
  std::shared_ptr<const CivilRule> rule = {};
  std::string zone = {};  // of DTSTART's TZID, "UTC" for a time with Z; empty = the schedule's
  std::optional<absl::Time> until = {};  // UNTIL with Z
};

// "DTSTART;TZID=Europe/Berlin:20270101T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR". INVALID_ARGUMENT
// naming the part that is wrong, also for a rule that never comes.
absl::StatusOr<ParsedRule> ParseRecurrenceRule(std::string_view text);

}  // namespace penstock::recurrence
