// Digests and message authentication codes, by libsodium.
#pragma once

#include <string>
#include <string_view>

namespace penstock::crypto {

// 32 raw bytes.
std::string Sha256(std::string_view data);
// 32 raw bytes; a key of any length, as RFC 2104 has it.
std::string HmacSha256(std::string_view key, std::string_view data);
// In time that depends on the lengths only.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

}  // namespace penstock::crypto
