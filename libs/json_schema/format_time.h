// Formats of dates and times (RFC 3339).
#pragma once

#include <string_view>

namespace penstock::json_schema {

bool IsDate(std::string_view text);      // "2024-02-29"
bool IsTime(std::string_view text);      // "08:30:06.28Z", with an offset
bool IsDateTime(std::string_view text);  // both with a "T"
bool IsDuration(std::string_view text);  // "P1DT12H"

}  // namespace penstock::json_schema
