// Durations as people write them.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace penstock::workflow_engine {

// "90", "2s", "1h30m", "1.5h", "500ms", "7d", "2w": parts add up, a bare number is seconds. Nothing for anything else, negative or
// over 3650 days.
std::optional<absl::Duration> ParseHumanDuration(std::string_view text);

}  // namespace penstock::workflow_engine
