#include "services/connector/auth/hmac/hmac.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/macros.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/hmac/hmac_config.h"
#include "services/connector/auth/hmac/schema.h"
#include "services/connector/auth/placeholders.h"
#include "services/connector/auth/request_edit.h"

namespace penstock::connector {
namespace {

std::string Timestamp(TimestampFormat format, absl::Time now) {
  switch (format) {
    case TimestampFormat::kSeconds:
      return std::to_string(absl::ToUnixSeconds(now));
    case TimestampFormat::kMilliseconds:
      return std::to_string(absl::ToUnixMillis(now));
    case TimestampFormat::kRfc3339:
      return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", now, absl::UTCTimeZone());
    case TimestampFormat::kHttpDate:
      return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  }
  return "";
}

// "https://API.example.com:8443" as the Host header has it.
std::string HostOf(const std::string& origin) {
  return absl::AsciiStrToLower(origin.substr(origin.find("://") + 3));
}

std::string ValueOf(const std::string& name, const HmacConfig& config, const AuthInputs& inputs,
                    const egress::HttpRequest& request, const UrlParts& url) {
  if (name == "method") return request.method;
  if (name == "host") return HostOf(url.origin);
  if (name == "path") return url.path;
  if (name == "query") return url.query;
  if (name == "target") return url.Target();
  if (name == "timestamp") return Timestamp(config.timestamp_format, inputs.now);
  if (name == "body") return request.body;
  if (name == "body_sha256") return crypto::HexEncode(crypto::Sha256(request.body));
  if (name == "nonce") return inputs.nonce;
  return config.key_id;  // names have been checked
}

absl::StatusOr<std::string> Signature(const HmacConfig& config, const AuthInputs& inputs,
                                      const std::string& text) {
  if (inputs.writing == Writing::kShown) {
    return ComputedPlaceholder("HMAC-" + config.algorithm, "signing_secret");
  }
  ASSIGN_OR_RETURN(const crypto::Secret key,
                   KeyBytes(inputs.credentials, "signing_secret", config.key_encoding));
  const std::string code = crypto::Hmac(config.digest, key.Reveal(), text);
  return config.encoding == SignatureEncoding::kHex ? crypto::HexEncode(code)
                                                    : crypto::Base64Encode(code);
}

class HmacStrategy final : public DescribedStrategy {
 public:
  HmacStrategy()
      : DescribedStrategy("hmac", "Signs requests with a key that both sides know.",
                          hmac::kConfigSchema) {}

  void Check(const Json& json, std::vector<FieldViolation>& wrong) const override {
    CheckHmacConfig(HmacConfig::Read(json, wrong), wrong);
  }

  std::vector<SecretField> secret_fields(const Json&) const override {
    return {{"signing_secret", "The key, encoded as key_encoding says."}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    std::vector<FieldViolation> wrong;
    const HmacConfig config = HmacConfig::Read(inputs.config, wrong);
    if (!wrong.empty()) return BadRequest(wrong);
    ASSIGN_OR_RETURN(const UrlParts url, UrlParts::Parse(request.url));
    const auto fill = [&](const std::string& name) -> absl::StatusOr<std::string> {
      return ValueOf(name, config, inputs, request, url);
    };
    ASSIGN_OR_RETURN(const std::string text, config.signed_text.Render(fill));
    ASSIGN_OR_RETURN(const std::string prefix, config.prefix.Render(fill));
    ASSIGN_OR_RETURN(const std::string signature, Signature(config, inputs, text));
    const auto set = [&](const std::string& header, std::string value) {
      if (!header.empty()) SetHeader(request.headers, header, std::move(value));
    };
    set(config.timestamp_header, Timestamp(config.timestamp_format, inputs.now));
    set(config.nonce_header, inputs.nonce);
    set(config.key_id_header, config.key_id);
    set(config.header, prefix + signature);
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeHmacStrategy() { return std::make_unique<HmacStrategy>(); }

}  // namespace penstock::connector
