// What people call things.
#pragma once

#include <string_view>
#include <vector>

#include "libs/status/details.h"

namespace penstock {

// Characters of valid UTF-8, which a proto string is.
size_t CountCharacters(std::string_view text);

struct TextLimits {
  size_t min = 0, max = 100;  // characters
};
// Adds to `wrong` what keeps `text` from being stored as `field`: too short, too long, or control
// characters.
void CheckText(std::string_view text, std::string_view field, TextLimits limits,
               std::vector<FieldViolation>& wrong);

}  // namespace penstock
