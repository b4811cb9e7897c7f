// "/repos/{owner}/{repo}": the path of an operation.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace penstock::connector::openapi {

// The names between braces, in order. INVALID_ARGUMENT for what is not a plain path below the
// server: another origin, a query, dot segments, a brace without its other.
absl::StatusOr<std::vector<std::string>> NamesIn(std::string_view path_template);

// `values` are percent-encoded already and there for every name. INVALID_ARGUMENT when a value
// would make another path of it: an empty one, or what ends as "." or "..".
absl::StatusOr<std::string> FillIn(std::string_view path_template,
                                   const std::map<std::string, std::string>& values);

// All but letters, digits and "-._~" as %XX: one segment, whatever is in it.
std::string PercentEncode(std::string_view text);

}  // namespace penstock::connector::openapi
