// Local times of a rule as instants of a zone, with what to do when the clock changes.
//
// Time is walked offset by offset, so that nothing is assumed about how large a change is: half an
// hour (Lord Howe), a day (Samoa 2011).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "libs/recurrence/civil_rule.h"

namespace penstock::recurrence {

// What becomes of a local time that the clock skips.
enum class GapPolicy {
  kSkip,   // nothing
  kAfter,  // it is due when the gap ends; several at once are one
};

// What becomes of a local time that the clock passes twice.
enum class RepeatPolicy { kFirst, kLast, kBoth };

class ZonedRule {
 public:
  // Without a policy that of cron(8) of Debian: a periodic rule goes by the clock on the wall
  // (skip, both), any other runs once (after, first).
  ZonedRule(std::shared_ptr<const CivilRule> rule, absl::TimeZone zone,
            std::optional<GapPolicy> gap, std::optional<RepeatPolicy> repeat);

  // The first instant after `after`.
  std::optional<absl::Time> Next(absl::Time after) const;

 private:
  bool Accepts(absl::CivilSecond local, absl::Time instant) const;

  std::shared_ptr<const CivilRule> rule_;
  absl::TimeZone zone_;
  GapPolicy gap_;
  RepeatPolicy repeat_;
};

// Nothing when there is no such zone. Zones are files of the system: a name can't lead out of their
// folder.
std::optional<absl::TimeZone> FindZone(std::string_view name);

}  // namespace penstock::recurrence
