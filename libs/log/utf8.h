// Text of unknown origin made safe to write.
#pragma once

#include <string>
#include <string_view>

namespace penstock::log {

// `text` with every byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

}  // namespace penstock::log
