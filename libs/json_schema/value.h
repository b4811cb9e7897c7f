// JSON values as JSON Schema sees them: 1 and 1.0 are the same, false and 0 are not.
#pragma once

#include <cstddef>

#include "nlohmann/json.hpp"

namespace penstock::json_schema {

// A total order: negative, 0, positive. Recurses as deep as both values nest.
int Compare(const nlohmann::json& left, const nlohmann::json& right);

// Whether arrays and objects nest more than `levels` deep. Looks no deeper.
bool IsDeeperThan(const nlohmann::json& value, int levels);

// About the bytes of its text; at least 1 for every value. Recurses as deep as the value nests.
size_t Weigh(const nlohmann::json& value);

}  // namespace penstock::json_schema
