// Calendar days as the catalogue writes them.
#pragma once

#include <optional>
#include <string>

#include "absl/time/civil_time.h"

namespace penstock::connector {

// Exactly YYYY-MM-DD, a day that exists; nothing else.
std::optional<absl::CivilDay> ParseDay(const std::string& text);

}  // namespace penstock::connector
