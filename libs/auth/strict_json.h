// JSON objects in which no member comes twice: of two readers of a token, one must not see another
// member than the other.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace penstock::auth {

// None unless `text` is one JSON object, whole, without a member named twice at any depth, nested
// no deeper than eight.
std::optional<nlohmann::json> ParseStrictObject(std::string_view text);

}  // namespace penstock::auth
