#include "libs/auth/api_key.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"

namespace penstock::auth {
namespace {

constexpr std::string_view kLive = "pk_live_";
constexpr std::string_view kTest = "pk_test_";
constexpr size_t kRandomBytes = 32;
constexpr size_t kRandomCharacters = 43;  // of 32 bytes in base64url without padding
constexpr size_t kShownCharacters = 8;

bool IsBase64Url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

NewApiKey MakeApiKey(ApiKeyMode mode) {
  std::string_view start = mode == ApiKeyMode::kLive ? kLive : kTest;
  std::string text =
      fmt::format("{}{}", start, crypto::Base64UrlEncode(crypto::RandomBytes(kRandomBytes)));
  NewApiKey key;
  key.hash = HashApiKey(text);
  key.prefix = text.substr(0, start.size() + kShownCharacters);
  key.text = std::move(text);
  return key;
}

bool IsApiKey(std::string_view text) {
  if (!text.starts_with(kLive) && !text.starts_with(kTest)) return false;
  text.remove_prefix(kLive.size());
  return text.size() == kRandomCharacters && std::ranges::all_of(text, IsBase64Url);
}

std::string HashApiKey(std::string_view text) { return crypto::Sha256(text); }

}  // namespace penstock::auth
