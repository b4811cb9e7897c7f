#include "services/connector/auth/key_bytes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/status/macros.h"
#include "services/connector/auth/credential_text.h"

namespace penstock::connector {
namespace {

constexpr std::pair<std::string_view, KeyEncoding> kEncodings[] = {
    {"raw", KeyEncoding::kRaw}, {"base64", KeyEncoding::kBase64}, {"hex", KeyEncoding::kHex}};

std::optional<std::string> FromBase64(std::string_view text) {
  std::string plain(text.substr(0, text.find_last_not_of('=') + 1));
  std::ranges::replace(plain, '+', '-');
  std::ranges::replace(plain, '/', '_');
  std::optional<std::string> bytes = crypto::Base64UrlDecode(plain);
  crypto::Wipe(plain);
  return bytes;
}

}  // namespace

KeyEncoding ReadKeyEncoding(const ConfigReader& config) {
  return config.Choice("key_encoding", kEncodings, KeyEncoding::kRaw);
}

absl::StatusOr<crypto::Secret> KeyBytes(const Credentials& credentials, std::string_view field,
                                        KeyEncoding encoding) {
  ASSIGN_OR_RETURN(const std::string_view text, credentials.Get(field));
  if (text.empty()) return InvalidCredential(field, "is empty");
  if (encoding == KeyEncoding::kRaw) return crypto::Secret(text);
  const bool hex = encoding == KeyEncoding::kHex;
  std::optional<std::string> bytes = hex ? crypto::HexDecode(text) : FromBase64(text);
  if (!bytes) return InvalidCredential(field, hex ? "is not hexadecimal" : "is not base64");
  crypto::Secret key(*bytes);
  crypto::Wipe(*bytes);
  return key;
}

}  // namespace penstock::connector
