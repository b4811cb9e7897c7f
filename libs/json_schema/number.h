// Arithmetic on JSON numbers as they are written in decimal, without what binary floating point
// would make of them.
#pragma once

#include "nlohmann/json.hpp"

namespace penstock::json_schema {

// Negative, 0, positive; exact for every pair of integers and doubles.
int CompareNumbers(const nlohmann::json& left, const nlohmann::json& right);

// Without a fraction: 1, 1.0, 1e300.
bool IsInteger(const nlohmann::json& number);

// Whether `number` is `divisor` times an integer: 19.99 is a multiple of 0.01. `divisor` > 0.
bool IsMultiple(const nlohmann::json& number, const nlohmann::json& divisor);

}  // namespace penstock::json_schema
