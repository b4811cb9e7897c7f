// Bytes as text. Encoders and decoders of libsodium, whose time does not depend on the data, so
// that keys may pass through them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::crypto {

std::string HexEncode(std::string_view bytes);                      // lower case
std::optional<std::string> HexDecode(std::string_view text);        // either case
std::string Base64Encode(std::string_view bytes);                   // with padding
std::optional<std::string> Base64Decode(std::string_view text);     // padding required
std::string Base64UrlEncode(std::string_view bytes);                // without padding
std::optional<std::string> Base64UrlDecode(std::string_view text);  // padding refused

}  // namespace penstock::crypto
