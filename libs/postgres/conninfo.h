// A connection string taken apart and put together again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::postgres {

// By libpq's keyword: host, port, dbname, user, password, ...
using Conninfo = std::map<std::string, std::string>;

// A URL or a key/value list. INVALID_ARGUMENT without a word of the text, which may hold a password.
absl::StatusOr<Conninfo> ParseConninfo(const std::string& text);

// libpq takes lists of hosts ("a,b") and of their ports ("5432,5433", or one for all): this takes them apart. One entry when there is no
// list; addresses given as hostaddr are left to libpq.
std::vector<Conninfo> OneForEachHost(const Conninfo& conninfo);

// As a key/value list, quoted.
std::string ToString(const Conninfo& conninfo);

}  // namespace penstock::postgres
