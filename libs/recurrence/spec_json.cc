#include "libs/recurrence/spec_json.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"

namespace penstock::recurrence {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<std::string_view, GapPolicy>, 2> kGaps{
    {{"skip", GapPolicy::kSkip}, {"after", GapPolicy::kAfter}}};
constexpr std::array<std::pair<std::string_view, RepeatPolicy>, 3> kRepeats{
    {{"first", RepeatPolicy::kFirst},
     {"last", RepeatPolicy::kLast},
     {"both", RepeatPolicy::kBoth}}};

constexpr std::pair<const char*, std::string Calendar::*> kCalendarFields[] = {
    {"second", &Calendar::second},
    {"minute", &Calendar::minute},
    {"hour", &Calendar::hour},
    {"day_of_month", &Calendar::day_of_month},
    {"month", &Calendar::month},
    {"year", &Calendar::year},
    {"day_of_week", &Calendar::day_of_week},
};

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

// Takes an object apart, noting what does not fit.
class Reader {
 public:
  Reader(const Json& json, std::string field, std::vector<FieldViolation>& wrong)
      : json_(json), field_(std::move(field)), wrong_(wrong) {
    if (!json.is_object()) Add("", "must be an object");
  }

  // Whatever else the object has is a mistake.
  void Only(std::initializer_list<std::string_view> known) {
    if (!json_.is_object()) return;
    for (const auto& [name, value] : json_.items()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) Add(name, "is not known");
    }
  }

  const Json* Find(const char* name) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(name);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }

  std::string Text(const char* name) {
    const Json* value = Find(name);
    if (value == nullptr) return "";
    if (value->is_string()) return value->get<std::string>();
    Add(name, "must be text");
    return "";
  }

  absl::Duration Duration(const char* name) {
    absl::Duration duration;
    const std::string text = Text(name);
    if (!text.empty() && !absl::ParseDuration(text, &duration)) {
      Add(name, "must be a duration such as \"90s\" or \"1h30m\"");
    }
    return duration;
  }

  std::optional<absl::Time> Time(const char* name) {
    const std::string text = Text(name);
    if (text.empty()) return std::nullopt;
    return ParseTime(text, name);
  }

  // Calls `each` with every element and its field.
  template <typename Each>
  void List(const char* name, Each each) {
    const Json* value = Find(name);
    if (value == nullptr) return;
    if (!value->is_array()) return Add(name, "must be a list");
    for (size_t i = 0; i < value->size(); ++i) each((*value)[i], fmt::format("{}[{}]", name, i));
  }

  void Texts(const char* name, std::vector<std::string>& texts) {
    List(name, [&](const Json& json, const std::string& where) {
      if (json.is_string()) return texts.push_back(json.get<std::string>());
      Add(where, "must be text");
    });
  }

  std::optional<absl::Time> ParseTime(const std::string& text, std::string_view where) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) && time > absl::InfinitePast() &&
        time < absl::InfiniteFuture()) {
      return time;
    }
    Add(where, "must be a time such as \"2027-01-31T09:00:00Z\"");
    return std::nullopt;
  }

  template <typename Value, size_t size>
  std::optional<Value> OneOf(const char* name,
                             const std::array<std::pair<std::string_view, Value>, size>& known) {
    const std::string text = Text(name);
    if (text.empty()) return std::nullopt;
    std::string names;
    for (const auto& [word, value] : known) {
      if (word == text) return value;
      names += (names.empty() ? "" : ", ") + std::string(word);
    }
    Add(name, "must be one of " + names);
    return std::nullopt;
  }

  std::string Path(std::string_view name) const {
    return name.empty() ? field_ : fmt::format("{}.{}", field_, name);
  }
  void Add(std::string_view name, std::string description) {
    wrong_.push_back({Path(name), std::move(description)});
  }

 private:
  const Json& json_;
  std::string field_;
  std::vector<FieldViolation>& wrong_;
};

RuleSet ReadRules(Reader& reader, std::vector<FieldViolation>& wrong) {
  RuleSet rules;
  reader.List("crons", [&](const Json& json, const std::string& where) {
    Reader cron(json, reader.Path(where), wrong);
    cron.Only({"dialect", "expression"});
    const std::string name = cron.Text("dialect");
    const std::optional<Dialect> dialect = DialectOf(name);
    if (!dialect) cron.Add("dialect", "must be vixie, quartz, spring, aws or temporal");
    rules.crons.push_back({dialect.value_or(Dialect::kUndeclared), cron.Text("expression")});
  });
  reader.List("intervals", [&](const Json& json, const std::string& where) {
    Reader interval(json, reader.Path(where), wrong);
    interval.Only({"every", "phase"});
    rules.intervals.push_back({interval.Duration("every"), interval.Duration("phase")});
  });
  reader.List("calendars", [&](const Json& json, const std::string& where) {
    Reader calendar(json, reader.Path(where), wrong);
    calendar.Only({"second", "minute", "hour", "day_of_month", "month", "year", "day_of_week"});
    Calendar& read = rules.calendars.emplace_back();
    for (const auto& [name, place] : kCalendarFields) read.*place = calendar.Text(name);
  });
  reader.Texts("rrules", rules.rrules);
  std::vector<std::string> instants, dates;
  reader.Texts("instants", instants);
  for (size_t i = 0; i < instants.size(); ++i) {
    const auto time = reader.ParseTime(instants[i], fmt::format("instants[{}]", i));
    if (time) rules.instants.push_back(*time);
  }
  reader.Texts("dates", dates);
  for (size_t i = 0; i < dates.size(); ++i) {
    absl::CivilDay day;
    if (absl::ParseCivilTime(dates[i], &day)) {
      rules.dates.push_back(day);
    } else {
      reader.Add(fmt::format("dates[{}]", i), "must be a date such as \"2027-12-25\"");
    }
  }
  return rules;
}

Json RulesToJson(const RuleSet& rules) {
  Json json = Json::object();
  for (const CronSpec& cron : rules.crons) {
    Json& item = json["crons"].emplace_back(Json{{"expression", cron.expression}});
    if (cron.dialect != Dialect::kUndeclared) item["dialect"] = DialectName(cron.dialect);
  }
  for (const IntervalSpec& interval : rules.intervals) {
    Json& item =
        json["intervals"].emplace_back(Json{{"every", absl::FormatDuration(interval.every)}});
    if (interval.phase > absl::ZeroDuration()) item["phase"] = absl::FormatDuration(interval.phase);
  }
  for (const Calendar& calendar : rules.calendars) {
    Json& item = json["calendars"].emplace_back(Json::object());
    for (const auto& [name, place] : kCalendarFields) {
      if (!(calendar.*place).empty()) item[name] = calendar.*place;
    }
  }
  for (const std::string& rule : rules.rrules) json["rrules"].push_back(rule);
  for (const absl::Time instant : rules.instants) json["instants"].push_back(TimeText(instant));
  for (const absl::CivilDay day : rules.dates) json["dates"].push_back(absl::FormatCivilTime(day));
  return json;
}

}  // namespace

std::string_view GapName(GapPolicy policy) { return kGaps[static_cast<size_t>(policy)].first; }
std::string_view RepeatName(RepeatPolicy policy) {
  return kRepeats[static_cast<size_t>(policy)].first;
}

Json ToJson(const Spec& spec) {
  Json json = RulesToJson(spec.rules);
  if (!spec.exclusions.empty()) json["exclusions"] = RulesToJson(spec.exclusions);
  json["time_zone"] = spec.time_zone;
  if (spec.start) json["start_time"] = TimeText(*spec.start);
  if (spec.end) json["end_time"] = TimeText(*spec.end);
  if (spec.jitter > absl::ZeroDuration()) json["jitter"] = absl::FormatDuration(spec.jitter);
  if (spec.gap) json["gap"] = GapName(*spec.gap);
  if (spec.repeat) json["repeat"] = RepeatName(*spec.repeat);
  return json;
}

absl::StatusOr<Spec> SpecFromJson(const Json& json, std::string_view field) {
  std::vector<FieldViolation> wrong;
  Reader reader(json, std::string(field), wrong);
  reader.Only({"crons", "intervals", "calendars", "rrules", "instants", "exclusions", "time_zone",
               "start_time", "end_time", "jitter", "gap", "repeat"});
  Spec spec;
  spec.rules = ReadRules(reader, wrong);
  if (const Json* exclusions = reader.Find("exclusions")) {
    Reader inner(*exclusions, reader.Path("exclusions"), wrong);
    inner.Only({"crons", "intervals", "calendars", "rrules", "instants", "dates"});
    spec.exclusions = ReadRules(inner, wrong);
  }
  const std::string zone = reader.Text("time_zone");
  if (!zone.empty()) spec.time_zone = zone;
  spec.start = reader.Time("start_time");
  spec.end = reader.Time("end_time");
  spec.jitter = reader.Duration("jitter");
  spec.gap = reader.OneOf("gap", kGaps);
  spec.repeat = reader.OneOf("repeat", kRepeats);
  if (!wrong.empty()) return BadRequest(wrong);
  return spec;
}

}  // namespace penstock::recurrence
