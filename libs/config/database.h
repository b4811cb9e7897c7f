// The standard DB_* names as settings, for --help, docs/settings.md and the types of their values. What they mean together, and the reading of
// them, is libs/postgres/settings.h.
#pragma once

#include <string_view>
#include <vector>

#include "libs/config/setting.h"

namespace penstock::config {

// For a service that connects as these roles: "SERVER", "ENGINE".
Declarations DeclareDatabase(const std::vector<std::string_view>& roles);

}  // namespace penstock::config
