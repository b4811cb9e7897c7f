// What a workflow gets from its schedule: "data" of its trigger's output.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler {

// {"scheduleId", "scheduleName", "nominalTime", "dueTime", "decidedTime", "timeZone",
// "expressions", "origin", "data"}, as JSON. It is made once for an instant: every attempt to start
// it asks for the same.
std::string StartInput(const Schedule& schedule, absl::Time nominal, absl::Time due, absl::Time now,
                       Origin origin);

}  // namespace penstock::scheduler
