// When a schedule is due, on the wire.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "libs/recurrence/spec.h"
#include "penstock/scheduler/v1/schedule.pb.h"

namespace penstock::scheduler {

// INVALID_ARGUMENT for what has no meaning whatever the texts say; those Recurrence::Create reads.
absl::StatusOr<recurrence::Spec> FromProto(const v1::ScheduleSpec& proto, std::string_view field);
void ToProto(const recurrence::Spec& spec, v1::ScheduleSpec& proto);

}  // namespace penstock::scheduler
