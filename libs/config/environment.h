// The process environment as a value. ReadEnvironment is the only place in Penstock that reads it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::config {

using Environment = std::map<std::string, std::string, std::less<>>;

Environment ReadEnvironment();

// For code that takes a look-up function instead of Settings. The function keeps a copy of
// `environment`. A name that is not set but whose NAME_FILE is yields the trimmed contents of that
// file.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;
Lookup LookupIn(Environment environment);

}  // namespace penstock::config
