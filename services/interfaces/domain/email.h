// Addresses of people.
#pragma once

#include <string_view>
#include <vector>

#include "libs/status/details.h"

namespace penstock::interfaces {

// One '@' with something before and behind, no blanks, 3 to 320 characters: more is for the mail
// server to say.
void CheckEmail(std::string_view email, std::string_view field, std::vector<FieldViolation>& wrong);

}  // namespace penstock::interfaces
