#include "libs/recurrence/recurrence.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "libs/recurrence/rrule.h"
#include "libs/status/details.h"

namespace penstock::recurrence {
namespace {

using absl::CivilSecond;
using absl::TimeZone;

constexpr size_t kMaxRules = 50;
constexpr size_t kMaxDates = 1000;
constexpr size_t kMaxTextBytes = 1000;
constexpr absl::Duration kMaxJitter = absl::Hours(24);
constexpr absl::Duration kMaxInterval = absl::Hours(24 * 3660);
// A rule whose instants are all excluded must not be looked through for ever.
constexpr int kMaxExcludedInARow = 5'000'000;

bool IsWholeSeconds(absl::Duration duration) {
  return duration == absl::Trunc(duration, absl::Seconds(1));
}

// FNV-1a: the same on every machine and in every release.
uint64_t Hash(std::string_view text, uint64_t hash = 14695981039346656037u) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  return hash;
}

// Spreads the bits, so that neighbours differ.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

class Recurrence::Source {
 public:
  virtual ~Source() = default;
  virtual std::optional<absl::Time> Next(absl::Time after) const = 0;
  // Of an exclusion.
  virtual bool Covers(absl::Time instant) const = 0;
};

namespace {

struct Zone {
  TimeZone zone;
  std::optional<GapPolicy> gap;
  std::optional<RepeatPolicy> repeat;
};

}  // namespace

// What a Spec's texts become.
struct Recurrence::Sources {
  class OfRule;
  class OfInterval;
  class OfInstants;
  class OfDates;

  // One for each of `set`; adds what is wrong.
  void Read(const RuleSet& set, const std::string& field);

  void Add(std::shared_ptr<const Source> source) { sources.push_back(std::move(source)); }
  void Wrong(std::string where, const absl::Status& status) {
    violations.push_back({std::move(where), std::string(status.message())});
  }
  void AddCron(const CronSpec& spec, const std::string& where);
  void AddInterval(absl::Duration every, absl::Duration phase, const std::string& where);
  // The zone of `name`, or the schedule's.
  std::optional<Zone> ZoneNamed(const std::string& name, const std::string& where);

  Zone zone;
  std::vector<FieldViolation> violations;
  std::vector<std::shared_ptr<const Source>> sources;
};

class Recurrence::Sources::OfRule final : public Source {
 public:
  OfRule(std::shared_ptr<const CivilRule> rule, const Zone& zone, bool has_seconds,
         std::optional<absl::Time> until = std::nullopt)
      : rule_(rule),
        zone_(zone.zone),
        zoned_(std::move(rule), zone.zone, zone.gap, zone.repeat),
        has_seconds_(has_seconds),
        until_(until.value_or(absl::InfiniteFuture())) {}

  std::optional<absl::Time> Next(absl::Time after) const override {
    const std::optional<absl::Time> next = zoned_.Next(after);
    return next && *next <= until_ ? next : std::nullopt;
  }

  bool Covers(absl::Time instant) const override {
    if (instant > until_) return false;
    CivilSecond local = absl::ToCivilSecond(instant, zone_);
    if (!has_seconds_) local = CivilSecond(absl::CivilMinute(local));
    return rule_->NextFrom(local) == local;
  }

 private:
  std::shared_ptr<const CivilRule> rule_;
  TimeZone zone_;
  ZonedRule zoned_;
  bool has_seconds_;
  absl::Time until_;
};

class Recurrence::Sources::OfInterval final : public Source {
 public:
  OfInterval(absl::Duration every, absl::Duration phase)
      : every_(absl::ToInt64Seconds(every)), phase_(absl::ToInt64Seconds(phase) % every_) {}

  std::optional<absl::Time> Next(absl::Time after) const override {
    const int64_t since = absl::ToUnixSeconds(after) - phase_;
    const int64_t steps = since / every_ - (since % every_ < 0);
    return absl::FromUnixSeconds((steps + 1) * every_ + phase_);
  }

  bool Covers(absl::Time instant) const override {
    return (absl::ToUnixSeconds(instant) - phase_) % every_ == 0;
  }

 private:
  int64_t every_, phase_;
};

class Recurrence::Sources::OfInstants final : public Source {
 public:
  explicit OfInstants(std::vector<absl::Time> instants) : instants_(std::move(instants)) {
    std::sort(instants_.begin(), instants_.end());
  }

  std::optional<absl::Time> Next(absl::Time after) const override {
    const auto next = std::upper_bound(instants_.begin(), instants_.end(), after);
    return next == instants_.end() ? std::nullopt : std::optional(*next);
  }

  bool Covers(absl::Time instant) const override {
    return std::binary_search(instants_.begin(), instants_.end(), instant);
  }

 private:
  std::vector<absl::Time> instants_;
};

class Recurrence::Sources::OfDates final : public Source {
 public:
  OfDates(std::vector<absl::CivilDay> dates, TimeZone zone)
      : dates_(std::move(dates)), zone_(zone) {
    std::sort(dates_.begin(), dates_.end());
  }

  std::optional<absl::Time> Next(absl::Time) const override { return std::nullopt; }
  bool Covers(absl::Time instant) const override {
    return std::binary_search(dates_.begin(), dates_.end(), absl::ToCivilDay(instant, zone_));
  }

 private:
  std::vector<absl::CivilDay> dates_;
  TimeZone zone_;
};

std::optional<Zone> Recurrence::Sources::ZoneNamed(const std::string& name,
                                                   const std::string& where) {
  if (name.empty()) return zone;
  Zone named = zone;
  const std::optional<TimeZone> found = FindZone(name);
  if (!found) {
    violations.push_back({where, fmt::format("there is no time zone \"{}\"", name)});
    return std::nullopt;
  }
  named.zone = *found;
  return named;
}

void Recurrence::Sources::AddInterval(absl::Duration every, absl::Duration phase,
                                      const std::string& where) {
  if (every < absl::Seconds(1) || every > kMaxInterval || !IsWholeSeconds(every)) {
    violations.push_back({where, "must be whole seconds, at least one and at most ten years"});
  } else if (phase < absl::ZeroDuration() || phase >= every || !IsWholeSeconds(phase)) {
    violations.push_back({where, "has a phase that is not whole seconds below the interval"});
  } else {
    Add(std::make_shared<OfInterval>(every, phase));
  }
}

void Recurrence::Sources::AddCron(const CronSpec& spec, const std::string& where) {
  if (spec.expression.size() > kMaxTextBytes) {
    violations.push_back({where, "must be at most 1000 bytes"});
    return;
  }
  absl::StatusOr<Cron> cron = ParseCron(spec.dialect, spec.expression);
  if (!cron.ok()) return Wrong(where, cron.status());
  if (cron->every) return AddInterval(*cron->every, cron->phase, where);
  const std::optional<Zone> named = ZoneNamed(cron->zone, where);
  if (!named) return;
  if (cron->once)
    return Add(
        std::make_shared<OfInstants>(std::vector{absl::FromCivil(*cron->once, named->zone)}));
  Add(std::make_shared<OfRule>(cron->rule, *named, cron->has_seconds));
}

void Recurrence::Sources::Read(const RuleSet& set, const std::string& field) {
  const size_t count =
      set.crons.size() + set.intervals.size() + set.calendars.size() + set.rrules.size();
  if (count > kMaxRules || set.instants.size() > kMaxDates || set.dates.size() > kMaxDates) {
    violations.push_back(
        {field, "has too many rules: 50, and 1000 instants and dates, are allowed"});
    return;
  }
  for (size_t i = 0; i < set.crons.size(); ++i) {
    AddCron(set.crons[i], fmt::format("{}.crons[{}].expression", field, i));
  }
  for (size_t i = 0; i < set.intervals.size(); ++i) {
    AddInterval(set.intervals[i].every, set.intervals[i].phase,
                fmt::format("{}.intervals[{}].every", field, i));
  }
  for (size_t i = 0; i < set.calendars.size(); ++i) {
    const auto rule = ParseCalendar(set.calendars[i]);
    const std::string where = fmt::format("{}.calendars[{}]", field, i);
    if (!rule.ok()) {
      Wrong(where, rule.status());
      continue;
    }
    Add(std::make_shared<OfRule>(*rule, zone, !set.calendars[i].second.empty()));
  }
  for (size_t i = 0; i < set.rrules.size(); ++i) {
    const std::string where = fmt::format("{}.rrules[{}]", field, i);
    const absl::StatusOr<ParsedRule> rule =
        set.rrules[i].size() > kMaxTextBytes
            ? absl::InvalidArgumentError("must be at most 1000 bytes")
            : ParseRecurrenceRule(set.rrules[i]);
    if (!rule.ok()) {
      Wrong(where, rule.status());
      continue;
    }
    const std::optional<Zone> named = ZoneNamed(rule->zone, where);
    if (named) Add(std::make_shared<OfRule>(rule->rule, *named, true, rule->until));
  }
  if (!set.instants.empty()) Add(std::make_shared<OfInstants>(set.instants));
  if (!set.dates.empty()) Add(std::make_shared<OfDates>(set.dates, zone.zone));
}

absl::StatusOr<Recurrence> Recurrence::Create(const Spec& spec, std::string_view field) {
  Sources rules, exclusions;
  std::vector<FieldViolation>& wrong = rules.violations;
  const auto at = [field](std::string_view name) { return fmt::format("{}.{}", field, name); };
  const std::optional<TimeZone> zone = FindZone(spec.time_zone);
  if (!zone) {
    wrong.push_back({at("time_zone"),
                     fmt::format("there is no time zone \"{}\": use a name of the IANA database, "
                                 "such as \"Europe/Berlin\"",
                                 spec.time_zone)});
  }
  rules.zone = exclusions.zone = {zone.value_or(absl::UTCTimeZone()), spec.gap, spec.repeat};
  if (spec.rules.empty()) {
    wrong.push_back(
        {std::string(field), "needs a cron expression, interval, calendar, rrule or instant"});
  }
  if (!spec.rules.dates.empty()) wrong.push_back({at("dates"), "are for exclusions"});
  rules.Read(spec.rules, std::string(field));
  exclusions.Read(spec.exclusions, at("exclusions"));
  wrong.insert(wrong.end(), exclusions.violations.begin(), exclusions.violations.end());
  if (spec.jitter < absl::ZeroDuration() || spec.jitter > kMaxJitter) {
    wrong.push_back({at("jitter"), "must be between 0 and 24 hours"});
  }
  if (spec.start && spec.end && *spec.start > *spec.end) {
    wrong.push_back({at("end_time"), "is before start_time"});
  }
  if (!wrong.empty()) return BadRequest(wrong);
  Recurrence result;
  result.rules_ = std::move(rules.sources);
  result.exclusions_ = std::move(exclusions.sources);
  if (spec.start) result.start_ = *spec.start;
  if (spec.end) result.end_ = *spec.end;
  result.jitter_ = spec.jitter;
  return result;
}

bool Recurrence::IsExcluded(absl::Time instant) const {
  return std::ranges::any_of(exclusions_,
                             [&](const auto& source) { return source->Covers(instant); });
}

std::optional<absl::Time> Recurrence::Next(absl::Time after) const {
  if (after < start_) after = start_ - absl::Microseconds(1);
  for (int i = 0; i < kMaxExcludedInARow; ++i) {
    std::optional<absl::Time> next;
    for (const auto& source : rules_) {
      const std::optional<absl::Time> of_source = source->Next(after);
      if (of_source && (!next || *of_source < *next)) next = of_source;
    }
    if (!next || *next > end_) return std::nullopt;
    if (!IsExcluded(*next)) return next;
    after = *next;
  }
  return std::nullopt;
}

std::vector<absl::Time> Recurrence::Upcoming(absl::Time after, int count) const {
  std::vector<absl::Time> instants;
  while (static_cast<int>(instants.size()) < count) {
    const std::optional<absl::Time> next = Next(instants.empty() ? after : instants.back());
    if (!next) break;
    instants.push_back(*next);
  }
  return instants;
}

std::optional<absl::Time> Recurrence::LastIn(absl::Time after, absl::Time until) const {
  absl::Duration width = absl::Seconds(1);
  absl::Time low = until, high = until;
  const auto comes_by = [this](absl::Time from, absl::Time to) {
    const std::optional<absl::Time> next = Next(from);
    return next && *next <= to;
  };
  // Back by ever longer steps, then halving what is left.
  while (low > after && !comes_by(low, high)) {
    high = low;
    low = std::max(after, until - width);
    width *= 2;
  }
  if (!comes_by(low, high)) return std::nullopt;
  while (high - low > absl::Seconds(1)) {
    const absl::Time middle = low + (high - low) / 2;
    (comes_by(middle, high) ? low : high) = middle;
  }
  std::optional<absl::Time> last = Next(low);
  for (std::optional<absl::Time> next = last; next && *next <= until; next = Next(*next))
    last = next;
  return last;
}

int64_t Recurrence::CountIn(absl::Time after, absl::Time until, int64_t limit) const {
  int64_t count = 0;
  for (std::optional<absl::Time> next = Next(after); next && *next <= until && count < limit;
       next = Next(*next)) {
    ++count;
  }
  return count;
}

absl::Time Recurrence::DueAt(absl::Time nominal, std::string_view key) const {
  if (jitter_ == absl::ZeroDuration()) return nominal;
  absl::Duration room = jitter_;
  if (const std::optional<absl::Time> next = Next(nominal)) room = std::min(room, *next - nominal);
  const int64_t micros = absl::ToInt64Microseconds(room);
  if (micros <= 0) return nominal;
  const uint64_t instant = static_cast<uint64_t>(absl::ToUnixMicros(nominal));
  const uint64_t hash = Mix(Hash(key) ^ Mix(instant));
  return nominal + absl::Microseconds(static_cast<int64_t>(hash % static_cast<uint64_t>(micros)));
}

}  // namespace penstock::recurrence
