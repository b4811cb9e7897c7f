// Percent-decoding of paths and query strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::http {

// Decodes %XX. None when it is malformed, or when the result is no valid UTF-8 or has a NUL, which
// no name or text of ours may hold.
std::optional<std::string> PercentDecode(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// "a=1&b=x+y" in order; '+' is a space. None when a part does not decode or there are more than
// `max_parameters`. Also reads application/x-www-form-urlencoded bodies, which have the same
// grammar.
std::optional<QueryParameters> ParseQuery(std::string_view query, size_t max_parameters);

}  // namespace penstock::http
