// Which passwords people may choose. Length and nothing else makes one good (NIST SP 800-63B):
// rules about kinds of characters make people choose worse ones.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace penstock::interfaces {

// What is longer than this is nobody's password and is not hashed.
inline constexpr size_t kMaxPasswordBytes = 1024;

// INVALID_ARGUMENT naming `field` unless the password has 12 to 128 characters and is not the
// e-mail address. The message never holds it.
absl::Status CheckPassword(std::string_view password, std::string_view email,
                           std::string_view field);

}  // namespace penstock::interfaces
