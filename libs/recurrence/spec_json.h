// A Spec as JSON: how it is stored, and how a workflow's schedule trigger says it.
//
//   {"crons": [{"dialect": "quartz", "expression": "0 0 9 ? * MON-FRI"}], "time_zone":
//   "Europe/Berlin", "jitter": "30s"}
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/recurrence/spec.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"

namespace penstock::recurrence {

nlohmann::json ToJson(const Spec& spec);

// INVALID_ARGUMENT with every problem of the form, fields below `field`. Whether the texts mean
// anything Recurrence::Create says.
absl::StatusOr<Spec> SpecFromJson(const nlohmann::json& json, std::string_view field = "spec");

std::string_view GapName(GapPolicy policy);        // "skip", "after"
std::string_view RepeatName(RepeatPolicy policy);  // "first", "last", "both"

}  // namespace penstock::recurrence
