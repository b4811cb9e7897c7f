// A set of local times, without a zone: what cron expressions, calendars and recurrence rules have
// in common.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>

#include "absl/time/civil_time.h"
#include "libs/recurrence/day_rule.h"

namespace penstock::recurrence {

class CivilRule {
 public:
  virtual ~CivilRule() = default;

  // The first due local time at or after `from`; nothing when there is none within about a century.
  virtual std::optional<absl::CivilSecond> NextFrom(absl::CivilSecond from) const = 0;

  // Whether the rule says "every so often" rather than "at that time": its minutes or hours are a
  // wildcard. What the default policies for clock changes go by, as cron(8) of Debian does.
  virtual bool is_periodic() const = 0;
};

// Of cron expressions and calendars: a set of values for each field.
class FieldRule final : public CivilRule {
 public:
  static constexpr int kFirstYear = 1970;
  static constexpr int kLastYear = 2199;

  std::optional<absl::CivilSecond> NextFrom(absl::CivilSecond from) const override;
  bool is_periodic() const override { return periodic; }

  uint64_t seconds = 1;  // bit n = second n
  uint64_t minutes = 1;
  uint32_t hours = 1;
  DayRule days = {};
  uint16_t months = 0x1ffe;                                           // bit n = month n
  std::optional<std::bitset<kLastYear - kFirstYear + 1>> years = {};  // none = any
  bool periodic = false;

 private:
  bool HasYear(int64_t year) const;
  // The first due time of a day at or after second `from` of it.
  std::optional<int> TimeFrom(int from) const;
};

}  // namespace penstock::recurrence
