// Whether text is JSON that Penstock takes.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace penstock::json {

// How deep arrays and objects may nest.
inline constexpr int kMaxDepth = 64;

// OK when `text` is one JSON value in valid UTF-8, nested at most kMaxDepth deep. INVALID_ARGUMENT says what is wrong otherwise.
absl::Status Validate(std::string_view text);

}  // namespace penstock::json
