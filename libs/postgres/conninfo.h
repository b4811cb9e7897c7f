// A connection string taken apart and put together again.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace penstock::postgres {

// By libpq's keyword: host, port, dbname, user, password, ...
using Conninfo = std::map<std::string, std::string>;

// A URL or a key/value list. INVALID_ARGUMENT without a word of the text, which may hold a password.
absl::StatusOr<Conninfo> ParseConninfo(const std::string& text);

// As a key/value list, quoted.
std::string ToString(const Conninfo& conninfo);

}  // namespace penstock::postgres
