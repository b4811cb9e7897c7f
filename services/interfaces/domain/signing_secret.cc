#include "services/interfaces/domain/signing_secret.h"

#include <algorithm>
#include <optional>

#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/crypto/secret.h"
#include "libs/status/details.h"

namespace penstock::interfaces {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kRandomBytes = 32;

}  // namespace

bool IsSigningSecretName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string MakeSigningSecret() {
  std::string random = crypto::RandomBytes(kRandomBytes);
  std::string secret = std::string(kPrefix) + crypto::Base64Encode(random);
  crypto::Wipe(random);
  return secret;
}

absl::Status CheckSigningSecret(std::string_view value) {
  if (value.size() < 8 || value.size() > 1024) {
    return InvalidField("value", "must have 8 to 1024 characters");
  }
  if (!std::ranges::all_of(value, [](unsigned char c) { return c > 0x20 && c < 0x7f; })) {
    return InvalidField("value", "must be printable ASCII without spaces");
  }
  if (!value.starts_with(kPrefix)) return absl::OkStatus();
  std::optional<std::string> key = crypto::Base64Decode(value.substr(kPrefix.size()));
  const size_t size = key ? key->size() : 0;
  if (key) crypto::Wipe(*key);
  if (size < 24 || size > 64) {
    return InvalidField("value", "must be 24 to 64 bytes in base64 after \"whsec_\"");
  }
  return absl::OkStatus();
}

}  // namespace penstock::interfaces
