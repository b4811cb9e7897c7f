// One log line as JSON text.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/log/log.h"

namespace penstock::log {

std::string_view LevelName(Level level);

// Without the newline. Bytes that are not UTF-8 become U+FFFD, so that a line is always valid JSON;
// text is cut at 8 KiB a field.
std::string FormatLine(absl::Time time, Level level, std::string_view service,
                       std::string_view message, const ScopedIds::Ids* ids, const Field* fields,
                       size_t field_count);

// Whether a field of this name is written as "***".
bool IsSensitiveName(std::string_view name);

}  // namespace penstock::log
