#include "services/scheduler/rpc/convert_spec.h"

#include <string>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/scheduler/rpc/convert_field.h"

namespace penstock::scheduler {
namespace {

using recurrence::Dialect;
using recurrence::RuleSet;

// The lists that rules and exclusions have in common.
template <typename Proto>
absl::StatusOr<RuleSet> RulesFrom(const Proto& proto, std::string_view field) {
  RuleSet rules;
  for (int i = 0; i < proto.crons_size(); ++i) {
    const v1::Cron& cron = proto.crons(i);
    if (!v1::CronDialect_IsValid(cron.dialect())) {
      return InvalidField(fmt::format("{}.crons[{}].dialect", field, i), "is not a dialect");
    }
    rules.crons.push_back({static_cast<Dialect>(cron.dialect()), cron.expression()});
  }
  for (int i = 0; i < proto.intervals_size(); ++i) {
    const std::string where = fmt::format("{}.intervals[{}]", field, i);
    recurrence::IntervalSpec& interval = rules.intervals.emplace_back();
    ASSIGN_OR_RETURN(interval.every, DurationFrom(proto.intervals(i).every(), where + ".every"));
    ASSIGN_OR_RETURN(interval.phase, DurationFrom(proto.intervals(i).phase(), where + ".phase"));
  }
  for (const v1::Calendar& calendar : proto.calendars()) {
    rules.calendars.push_back({.second = calendar.second(),
                               .minute = calendar.minute(),
                               .hour = calendar.hour(),
                               .day_of_month = calendar.day_of_month(),
                               .month = calendar.month(),
                               .year = calendar.year(),
                               .day_of_week = calendar.day_of_week()});
  }
  rules.rrules.assign(proto.rrules().begin(), proto.rrules().end());
  for (int i = 0; i < proto.instants_size(); ++i) {
    ASSIGN_OR_RETURN(const absl::Time instant,
                     TimeFrom(proto.instants(i), fmt::format("{}.instants[{}]", field, i)));
    rules.instants.push_back(instant);
  }
  return rules;
}

template <typename Proto>
void RulesToProto(const RuleSet& rules, Proto& proto) {
  for (const recurrence::CronSpec& cron : rules.crons) {
    v1::Cron& added = *proto.add_crons();
    added.set_dialect(static_cast<v1::CronDialect>(cron.dialect));
    added.set_expression(cron.expression);
  }
  for (const recurrence::IntervalSpec& interval : rules.intervals) {
    v1::Interval& added = *proto.add_intervals();
    SetDuration(interval.every, *added.mutable_every());
    if (interval.phase > absl::ZeroDuration()) SetDuration(interval.phase, *added.mutable_phase());
  }
  for (const recurrence::Calendar& calendar : rules.calendars) {
    v1::Calendar& added = *proto.add_calendars();
    added.set_second(calendar.second);
    added.set_minute(calendar.minute);
    added.set_hour(calendar.hour);
    added.set_day_of_month(calendar.day_of_month);
    added.set_month(calendar.month);
    added.set_year(calendar.year);
    added.set_day_of_week(calendar.day_of_week);
  }
  for (const std::string& rule : rules.rrules) proto.add_rrules(rule);
  for (const absl::Time instant : rules.instants) SetTime(instant, *proto.add_instants());
}

}  // namespace

absl::StatusOr<recurrence::Spec> FromProto(const v1::ScheduleSpec& proto, std::string_view field) {
  const auto at = [field](std::string_view name) { return fmt::format("{}.{}", field, name); };
  recurrence::Spec spec;
  ASSIGN_OR_RETURN(spec.rules, RulesFrom(proto, field));
  ASSIGN_OR_RETURN(spec.exclusions, RulesFrom(proto.exclusions(), at("exclusions")));
  for (int i = 0; i < proto.exclusions().dates_size(); ++i) {
    absl::CivilDay& day = spec.exclusions.dates.emplace_back();
    if (!absl::ParseCivilTime(proto.exclusions().dates(i), &day)) {
      return InvalidField(at(fmt::format("exclusions.dates[{}]", i)),
                          "must be a date such as \"2027-12-25\"");
    }
  }
  if (!proto.time_zone().empty()) spec.time_zone = proto.time_zone();
  if (proto.has_start_time()) {
    ASSIGN_OR_RETURN(spec.start, TimeFrom(proto.start_time(), at("start_time")));
  }
  if (proto.has_end_time()) {
    ASSIGN_OR_RETURN(spec.end, TimeFrom(proto.end_time(), at("end_time")));
  }
  ASSIGN_OR_RETURN(spec.jitter, DurationFrom(proto.jitter(), at("jitter")));
  if (!v1::GapPolicy_IsValid(proto.gap())) return InvalidField(at("gap"), "is not a policy");
  if (!v1::RepeatPolicy_IsValid(proto.repeat())) {
    return InvalidField(at("repeat"), "is not a policy");
  }
  // The enumerators follow each other, behind the unspecified one.
  if (proto.gap() != v1::GAP_POLICY_UNSPECIFIED) {
    spec.gap = static_cast<recurrence::GapPolicy>(proto.gap() - 1);
  }
  if (proto.repeat() != v1::REPEAT_POLICY_UNSPECIFIED) {
    spec.repeat = static_cast<recurrence::RepeatPolicy>(proto.repeat() - 1);
  }
  return spec;
}

void ToProto(const recurrence::Spec& spec, v1::ScheduleSpec& proto) {
  RulesToProto(spec.rules, proto);
  if (!spec.exclusions.empty()) {
    RulesToProto(spec.exclusions, *proto.mutable_exclusions());
    for (const absl::CivilDay day : spec.exclusions.dates) {
      proto.mutable_exclusions()->add_dates(absl::FormatCivilTime(day));
    }
  }
  proto.set_time_zone(spec.time_zone);
  if (spec.start) SetTime(*spec.start, *proto.mutable_start_time());
  if (spec.end) SetTime(*spec.end, *proto.mutable_end_time());
  if (spec.jitter > absl::ZeroDuration()) SetDuration(spec.jitter, *proto.mutable_jitter());
  if (spec.gap) proto.set_gap(static_cast<v1::GapPolicy>(static_cast<int>(*spec.gap) + 1));
  if (spec.repeat) {
    proto.set_repeat(static_cast<v1::RepeatPolicy>(static_cast<int>(*spec.repeat) + 1));
  }
}

}  // namespace penstock::scheduler
