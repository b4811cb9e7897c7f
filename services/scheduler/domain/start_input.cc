#include "services/scheduler/domain/start_input.h"

#include "nlohmann/json.hpp"

namespace penstock::scheduler {
namespace {

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace

std::string StartInput(const Schedule& schedule, absl::Time nominal, absl::Time due, absl::Time now,
                       Origin origin) {
  using Json = nlohmann::json;
  // PostgreSQL wrote both, so they are JSON.
  const Json spec = Json::parse(schedule.spec, nullptr, /*allow_exceptions=*/false);
  Json expressions = Json::array();
  if (spec.is_object() && spec.contains("crons")) {
    for (const Json& cron : spec["crons"]) expressions.push_back(cron.value("expression", ""));
  }
  const Json input = {
      {"scheduleId", schedule.id.ToString()},
      {"scheduleName", schedule.name},
      {"nominalTime", TimeText(nominal)},
      {"dueTime", TimeText(due)},
      {"decidedTime", TimeText(now)},
      {"timeZone", spec.is_object() ? spec.value("time_zone", "UTC") : "UTC"},
      {"expressions", expressions},
      {"origin", Name(origin)},
      {"data", Json::parse(schedule.data, nullptr, /*allow_exceptions=*/false)},
  };
  return input.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace penstock::scheduler
