// One setting's text to a checked value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/time/time.h"
#include "libs/config/setting.h"

namespace penstock::config {

using ParsedValue = std::variant<std::monostate, int64_t, double, bool, absl::Duration>;

// Fills `value`, or says what is wrong with `text` in words that follow "NAME: ". Never repeats the
// text of a kSecret. Texts, paths and secrets leave `value` empty.
std::string ParseValue(const Setting& setting, std::string_view text, ParsedValue& value);

}  // namespace penstock::config
