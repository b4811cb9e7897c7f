#include "libs/recurrence/rrule.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "libs/recurrence/rrule_days.h"
#include "libs/recurrence/rrule_parts.h"
#include "libs/status/macros.h"

namespace penstock::recurrence {
namespace {

using absl::CivilDay;
using absl::CivilSecond;

constexpr int kDaySeconds = 86400;
constexpr int kHorizonYears = 100;
// Of rules that step by seconds or minutes.
constexpr int kFineHorizonYears = 5;

int SecondOfDay(CivilSecond time) { return static_cast<int>(time - CivilSecond(CivilDay(time))); }

class Rule final : public CivilRule {
 public:
  explicit Rule(RruleParts parts) : parts_(std::move(parts)) {
    if (!IsFine()) FillTimes();
  }
  Rule(const Rule&) = delete;  // days_ refers to parts_

  std::optional<CivilSecond> NextFrom(CivilSecond from) const override {
    const std::optional<CivilSecond> next = Unbounded(std::max(from, parts_.start));
    return next && parts_.until && *next > *parts_.until ? std::nullopt : next;
  }

  bool is_periodic() const override { return IsFine(); }

  // Turns COUNT into an end. False when it has none within the horizon.
  bool ResolveCount() {
    std::optional<CivilSecond> at = parts_.start;
    CivilSecond last = parts_.start;
    for (int i = 0; i < parts_.count; ++i) {
      at = NextFrom(*at);
      if (!at) break;
      last = *at;
      *at += 1;
    }
    if (parts_.count > 0) parts_.until = parts_.until ? std::min(*parts_.until, last) : last;
    return NextFrom(parts_.start).has_value();
  }

 private:
  // Steps by parts of a day, which then limit rather than expand.
  bool IsFine() const { return parts_.freq < Freq::kDaily; }

  void FillTimes() {
    const auto or_start = [](const std::set<int>& values, int start) {
      return values.empty() ? std::set<int>{start} : values;
    };
    for (const int hour : or_start(parts_.hours, parts_.start.hour())) {
      for (const int minute : or_start(parts_.minutes, parts_.start.minute())) {
        for (const int second : or_start(parts_.seconds, parts_.start.second())) {
          times_.push_back(hour * 3600 + minute * 60 + second);
        }
      }
    }
  }

  std::optional<CivilSecond> Unbounded(CivilSecond from) const {
    return IsFine() ? NextFine(from) : NextByDays(from);
  }

  std::optional<CivilSecond> NextByDays(CivilSecond from) const {
    const int64_t end_year = from.year() + kHorizonYears;
    for (int64_t k = days_.FirstPeriod(CivilDay(from)); days_.PeriodStart(k).year() < end_year;
         ++k) {
      const std::vector<CivilDay> days = days_.DaysOfPeriod(days_.PeriodStart(k));
      const std::optional<CivilSecond> next =
          parts_.positions.empty() ? FirstOf(days, from) : FirstPosition(days, from);
      if (next) return next;
    }
    return std::nullopt;
  }

  std::optional<CivilSecond> FirstOf(const std::vector<CivilDay>& days, CivilSecond from) const {
    for (const CivilDay& day : days) {
      if (day < CivilDay(from)) continue;
      const int after = day == CivilDay(from) ? SecondOfDay(from) : 0;
      const auto time = std::lower_bound(times_.begin(), times_.end(), after);
      if (time != times_.end()) return CivilSecond(day) + *time;
    }
    return std::nullopt;
  }

  std::optional<CivilSecond> FirstPosition(const std::vector<CivilDay>& days,
                                           CivilSecond from) const {
    const int64_t size = static_cast<int64_t>(days.size() * times_.size());
    std::optional<CivilSecond> first;
    for (const int position : parts_.positions) {
      const int64_t index = position > 0 ? position - 1 : size + position;
      if (index < 0 || index >= size) continue;
      const CivilSecond at =
          CivilSecond(days[index / times_.size()]) + times_[index % times_.size()];
      if (at >= from && (!first || at < *first)) first = at;
    }
    return first;
  }

  int UnitSeconds() const {
    return parts_.freq == Freq::kHourly ? 3600 : parts_.freq == Freq::kMinutely ? 60 : 1;
  }

  // The first step at or after `time`, which begins a unit.
  CivilSecond Aligned(CivilSecond time) const {
    const int64_t unit = UnitSeconds();
    const CivilSecond origin = parts_.start - FloorDiv(SecondOfDay(parts_.start) % unit, 1);
    const int64_t step = unit * parts_.interval;
    return origin + -FloorDiv(-(time - origin), step) * step;
  }

  std::optional<CivilSecond> NextFine(CivilSecond from) const {
    const CivilSecond end = from + int64_t{kFineHorizonYears} * 366 * kDaySeconds;
    CivilSecond step = Aligned(from - SecondOfDay(from) % UnitSeconds());
    while (step < end) {
      const CivilDay day(step);
      if (!days_.IsDue(day)) {
        step = Aligned(CivilSecond(day + 1));
      } else if (!Has(parts_.hours, step.hour())) {
        step = Aligned(CivilSecond(absl::CivilHour(step) + 1));
      } else if (parts_.freq != Freq::kHourly && !Has(parts_.minutes, step.minute())) {
        step = Aligned(CivilSecond(absl::CivilMinute(step) + 1));
      } else {
        if (const std::optional<CivilSecond> next = FirstWithin(step, from)) return next;
        step = Aligned(step + UnitSeconds());
      }
    }
    return std::nullopt;
  }

  static bool Has(const std::set<int>& values, int value) {
    return values.empty() || values.contains(value);
  }

  // Of the instants in the hour, minute or second that begins at `step`.
  std::optional<CivilSecond> FirstWithin(CivilSecond step, CivilSecond from) const {
    std::vector<CivilSecond> all;
    const std::set<int> one_minute = {parts_.start.minute()}, one_second = {parts_.start.second()};
    if (parts_.freq == Freq::kSecondly) {
      if (Has(parts_.seconds, step.second())) all.push_back(step);
    } else {
      const std::set<int>& seconds = parts_.seconds.empty() ? one_second : parts_.seconds;
      const std::set<int>& minutes = parts_.minutes.empty() ? one_minute : parts_.minutes;
      const std::set<int> zero = {0};
      for (const int minute : parts_.freq == Freq::kHourly ? minutes : zero) {
        for (const int second : seconds) all.push_back(step + minute * 60 + second);
      }
    }
    if (!parts_.positions.empty()) all = Positions(all);
    for (const CivilSecond& at : all) {
      if (at >= from) return at;
    }
    return std::nullopt;
  }

  std::vector<CivilSecond> Positions(const std::vector<CivilSecond>& all) const {
    std::set<CivilSecond> chosen;
    for (const int position : parts_.positions) {
      const int64_t size = static_cast<int64_t>(all.size());
      const int64_t index = position > 0 ? position - 1 : size + position;
      if (index >= 0 && index < size) chosen.insert(all[index]);
    }
    return {chosen.begin(), chosen.end()};
  }

  RruleParts parts_;
  const RruleDays days_{parts_};
  std::vector<int> times_;  // seconds of the day, in order
};

}  // namespace

absl::StatusOr<ParsedRule> ParseRecurrenceRule(std::string_view text) {
  ASSIGN_OR_RETURN(WrittenRrule written, ReadRrule(text));
  auto rule = std::make_shared<Rule>(std::move(written.parts));
  if (!rule->ResolveCount()) return absl::InvalidArgumentError("names nothing that comes");
  return ParsedRule{std::move(rule), std::move(written.zone), written.until};
}

}  // namespace penstock::recurrence
