// The auth_config of a declared signature, read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/crypto/mac.h"
#include "services/connector/auth/key_bytes.h"
#include "services/connector/auth/text_template.h"

namespace penstock::connector {

enum class SignatureEncoding { kHex, kBase64 };
enum class TimestampFormat { kSeconds, kMilliseconds, kRfc3339, kHttpDate };

struct HmacConfig {
  crypto::MacDigest digest = crypto::MacDigest::kSha256;
  std::string algorithm;  // "sha256"
  std::string header;
  TextTemplate signed_text;
  TextTemplate prefix;
  SignatureEncoding encoding = SignatureEncoding::kHex;
  TimestampFormat timestamp_format = TimestampFormat::kSeconds;
  std::string timestamp_header, nonce_header, key_id, key_id_header;  // empty = none
  KeyEncoding key_encoding = KeyEncoding::kRaw;

  // What can't be read is told in `wrong`.
  static HmacConfig Read(const nlohmann::json& json, std::vector<FieldViolation>& wrong);
};

// Whether what it says goes together.
void CheckHmacConfig(const HmacConfig& config, std::vector<FieldViolation>& wrong);

}  // namespace penstock::connector
