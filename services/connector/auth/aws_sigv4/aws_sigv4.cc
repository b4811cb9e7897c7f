#include "services/connector/auth/aws_sigv4/aws_sigv4.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/secret.h"
#include "libs/egress/url.h"
#include "libs/status/macros.h"
#include "services/connector/auth/aws_sigv4/canonical_request.h"
#include "services/connector/auth/aws_sigv4/schema.h"
#include "services/connector/auth/config_reader.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/placeholders.h"
#include "services/connector/auth/request_edit.h"

namespace penstock::connector {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// What a signature holds for: this region and service, today.
struct Scope {
  std::string time;  // "20150830T123600Z"
  std::string region;
  std::string service;

  std::string date() const { return time.substr(0, 8); }
  std::string ToString() const {
    return fmt::format("{}/{}/{}/aws4_request", date(), region, service);
  }
  bool is_s3() const { return service.starts_with("s3"); }
};

Scope ScopeOf(const AuthInputs& inputs) {
  std::vector<FieldViolation> wrong;
  const ConfigReader config(inputs.config, wrong);
  return {absl::FormatTime("%Y%m%dT%H%M%SZ", inputs.now, absl::UTCTimeZone()),
          config.Text("region"), config.Text("service")};
}

absl::StatusOr<std::string> HostOf(const std::string& text) {
  ASSIGN_OR_RETURN(const egress::Url url, egress::Url::Parse(text));
  const bool standard = url.port() == (url.scheme() == "https" ? 443 : 80);
  const bool v6 = url.host().find(':') != std::string::npos;
  const std::string host = v6 ? "[" + url.host() + "]" : url.host();
  return standard ? host : fmt::format("{}:{}", host, url.port());
}

std::string SignatureOf(const Scope& scope, std::string_view secret, const std::string& request) {
  const std::string text = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, scope.time, scope.ToString(),
                                       crypto::HexEncode(crypto::Sha256(request)));
  std::string key = "AWS4" + std::string(secret);
  for (const std::string& part :
       {scope.date(), scope.region, scope.service, std::string("aws4_request"), text}) {
    std::string next = crypto::HmacSha256(key, part);
    crypto::Wipe(key);
    key = std::move(next);
  }
  return crypto::HexEncode(key);
}

// Headers of the signature's own, which are signed too.
absl::Status AddHeaders(const AuthInputs& inputs, const Scope& scope, const std::string& body_hash,
                        egress::HttpRequest& request) {
  SetHeader(request.headers, "X-Amz-Date", scope.time);
  if (scope.is_s3()) SetHeader(request.headers, "X-Amz-Content-Sha256", body_hash);
  if (inputs.credentials.Find("session_token") == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string_view token,
                   TextCredential(inputs.credentials, "session_token", Alphabet::kCookie));
  SetHeader(request.headers, "X-Amz-Security-Token", std::string(token));
  return absl::OkStatus();
}

absl::StatusOr<std::string> CanonicalRequest(const egress::HttpRequest& request,
                                             const UrlParts& url, const CanonicalHeaders& headers,
                                             const Scope& scope, const std::string& body_hash) {
  ASSIGN_OR_RETURN(
      const std::string path,
      CanonicalPath(url.path, scope.is_s3() ? PathRule::kAsIs : PathRule::kNormalizedTwice));
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path, url.query, headers.lines,
                     headers.signed_names, body_hash);
}

bool IsScopeWord(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
  });
}

class AwsSigV4Strategy final : public DescribedStrategy {
 public:
  AwsSigV4Strategy()
      : DescribedStrategy("aws_sigv4", "Signs requests as AWS does (Signature Version 4).",
                          aws_sigv4::kConfigSchema) {}

  void Check(const Json& json, std::vector<FieldViolation>& wrong) const override {
    const ConfigReader config(json, wrong);
    for (const char* name : {"region", "service"}) {
      if (!IsScopeWord(config.Text(name))) {
        config.Refuse(name, "must be lower-case letters, digits and '-'");
      }
    }
  }

  std::vector<SecretField> secret_fields(const Json&) const override {
    return {{"access_key_id", "The access key's id."},
            {"secret_access_key", "The access key's secret."},
            {"session_token", "Of temporary credentials.", false}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    ASSIGN_OR_RETURN(const std::string_view key_id,
                     TextCredential(inputs.credentials, "access_key_id", Alphabet::kCookie));
    if (key_id.find('/') != key_id.npos) return InvalidCredential("access_key_id", "has a '/'");
    ASSIGN_OR_RETURN(const std::string_view secret,
                     TextCredential(inputs.credentials, "secret_access_key", Alphabet::kAscii));
    const Scope scope = ScopeOf(inputs);
    ASSIGN_OR_RETURN(UrlParts url, UrlParts::Parse(request.url));
    ASSIGN_OR_RETURN(url.query, CanonicalQuery(url.query));
    ASSIGN_OR_RETURN(const std::string host, HostOf(url.origin));
    const std::string body_hash = crypto::HexEncode(crypto::Sha256(request.body));
    RETURN_IF_ERROR(AddHeaders(inputs, scope, body_hash, request));
    const CanonicalHeaders headers = CanonicalHeadersOf(request.headers, host);
    ASSIGN_OR_RETURN(const std::string canonical,
                     CanonicalRequest(request, url, headers, scope, body_hash));
    const std::string signature = inputs.writing == Writing::kShown
                                      ? ComputedPlaceholder("signature", "secret_access_key")
                                      : SignatureOf(scope, secret, canonical);
    request.url = url.ToString();
    SetHeader(request.headers, "Authorization",
              fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, key_id,
                          scope.ToString(), headers.signed_names, signature));
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeAwsSigV4Strategy() {
  return std::make_unique<AwsSigV4Strategy>();
}

}  // namespace penstock::connector
