// "Did you mean": the known name nearest to an unknown one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::config {

// None when nothing is near: more than a third of the letters would have to change.
std::optional<std::string> NearestName(std::string_view name,
                                       const std::vector<std::string>& known);

}  // namespace penstock::config
