// API keys as text: "pk_live_" or "pk_test_" and 32 random bytes in base64url (43 characters).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::auth {

enum class ApiKeyMode { kLive, kTest };

struct NewApiKey {
  std::string text;    // shown once, stored nowhere
  std::string hash;    // 32 bytes, stored
  std::string prefix;  // stored to tell keys apart: "pk_live_" and 8 characters
};

NewApiKey MakeApiKey(ApiKeyMode mode);

// Whether `text` has the form of a key; says nothing about its being known.
bool IsApiKey(std::string_view text);

// SHA-256 of the whole text. The key has 256 random bits, so a slow hash would add nothing.
std::string HashApiKey(std::string_view text);

}  // namespace penstock::auth
