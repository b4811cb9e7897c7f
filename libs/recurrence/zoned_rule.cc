#include "libs/recurrence/zoned_rule.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"

namespace penstock::recurrence {
namespace {

using absl::CivilSecond;
using absl::TimeZone;

bool IsZoneName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] != '/' && name != "localtime" &&
         std::ranges::all_of(name, [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ||
                  c == '+' || c == '/';
         });
}

absl::Time InstantOf(CivilSecond local, int offset) {
  return absl::FromUnixSeconds(local - CivilSecond(1970) - offset);
}

}  // namespace

ZonedRule::ZonedRule(std::shared_ptr<const CivilRule> rule, TimeZone zone,
                     std::optional<GapPolicy> gap, std::optional<RepeatPolicy> repeat)
    : rule_(std::move(rule)),
      zone_(zone),
      gap_(gap.value_or(rule_->is_periodic() ? GapPolicy::kSkip : GapPolicy::kAfter)),
      repeat_(repeat.value_or(rule_->is_periodic() ? RepeatPolicy::kBoth : RepeatPolicy::kFirst)) {}

std::optional<absl::Time> ZonedRule::Next(absl::Time after) const {
  absl::Time position = after;
  TimeZone::CivilInfo here = zone_.At(position);
  CivilSecond from = here.cs + 1;
  while (true) {
    const std::optional<CivilSecond> match = rule_->NextFrom(from);
    TimeZone::CivilTransition change;
    const bool changes = zone_.NextTransition(position, &change);
    if (match && (!changes || *match < change.from)) {
      const absl::Time instant = InstantOf(*match, here.offset);
      if (Accepts(*match, instant)) return instant;
      from = *match + 1;
      continue;
    }
    // Past the last local time only a clock that goes back can bring another one.
    if (!changes || (!match && change.to >= from)) return std::nullopt;
    position = InstantOf(change.from, here.offset);
    if (match && *match < change.to && gap_ == GapPolicy::kAfter) return position;
    here = zone_.At(position);
    from = here.cs;
  }
}

bool ZonedRule::Accepts(CivilSecond local, absl::Time instant) const {
  if (repeat_ == RepeatPolicy::kBoth) return true;
  const TimeZone::TimeInfo info = zone_.At(local);
  if (info.kind != TimeZone::TimeInfo::REPEATED) return true;
  return instant == (repeat_ == RepeatPolicy::kFirst ? info.pre : info.post);
}

std::optional<TimeZone> FindZone(std::string_view name) {
  TimeZone zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(std::string(name), &zone)) return std::nullopt;
  return zone;
}

}  // namespace penstock::recurrence
