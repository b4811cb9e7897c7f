// HMACs (RFC 2104) that other systems ask for, SHA-1 among them, by OpenSSL. Ours is hash.h's.
#pragma once

#include <string>
#include <string_view>

namespace penstock::crypto {

enum class MacDigest { kSha1, kSha256, kSha512 };

// 20, 32 or 64 raw bytes; a key of any length.
std::string Hmac(MacDigest digest, std::string_view key, std::string_view data);

}  // namespace penstock::crypto
