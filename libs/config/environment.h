// The process environment as a value. ReadEnvironment is the only place in Penstock that reads it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace penstock::config {

using Environment = std::map<std::string, std::string, std::less<>>;

Environment ReadEnvironment();

// For code that takes a look-up function instead of Settings. The function keeps its own copy.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

// Names as in the environment; and for each DB_..._FILE or DATABASE_URL_FILE the name without
// "_FILE", whose value is the trimmed contents of that file. INVALID_ARGUMENT when such a file
// can't be read, or when both names are set.
absl::StatusOr<Lookup> LookupIn(Environment environment);

}  // namespace penstock::config
