// Which parts of a webhook request, besides its body, workflows get to see.
#pragma once

#include <string>
#include <string_view>

namespace penstock::interfaces {

// False for what concerns this hop only, and for credentials of ours or of the sender's browser: no
// run may record them.
bool IsForwarded(std::string_view lower_case_name);

// A header's value as UTF-8: unchanged when it is, otherwise read as ISO-8859-1, which HTTP once
// meant.
void AssignText(std::string& to, std::string_view value);

}  // namespace penstock::interfaces
