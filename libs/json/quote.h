// Writing JSON text without building a document.
#pragma once

#include <string>
#include <string_view>

namespace penstock::json {

// Appends `text` as a JSON string, quotes included. `text` is UTF-8; control characters, '"' and '\' are escaped.
void AppendQuoted(std::string& out, std::string_view text);

std::string Quoted(std::string_view text);

}  // namespace penstock::json
