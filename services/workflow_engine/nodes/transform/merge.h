// Objects joined as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::workflow_engine {

// Members of `base`, then those of `over`, which win where both have one. Values are copied as written. Nothing when either is not an
// object.
std::optional<std::string> MergeObjects(std::string_view base, std::string_view over);

}  // namespace penstock::workflow_engine
