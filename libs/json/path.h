// Where in a JSON value: "a.b[0].c", "rows.0", "headers[\"x-id\"]".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::json {

struct PathSegment {
  std::string key;
  // Set when `key` is all digits: then it also counts elements of an array, from 0.
  std::optional<size_t> index;
};

using Path = std::vector<PathSegment>;

// A path names; it does not compute. Nothing when `text` is anything else: empty, operators, calls, blanks, over 64 segments.
std::optional<Path> ParsePath(std::string_view text);

}  // namespace penstock::json
