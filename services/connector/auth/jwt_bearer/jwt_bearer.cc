#include "services/connector/auth/jwt_bearer/jwt_bearer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/jwt/signer.h"
#include "libs/status/macros.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/jwt_bearer/schema.h"
#include "services/connector/auth/key_bytes.h"
#include "services/connector/auth/placeholders.h"
#include "services/connector/auth/placement.h"

namespace penstock::connector {
namespace {

constexpr std::pair<std::string_view, jwt::Algorithm> kAlgorithms[] = {
    {"RS256", jwt::Algorithm::kRs256},
    {"ES256", jwt::Algorithm::kEs256},
    {"EdDSA", jwt::Algorithm::kEdDsa},
    {"HS256", jwt::Algorithm::kHs256}};
constexpr std::string_view kOwnClaims[] = {"aud", "exp", "iat", "iss", "jti", "nbf", "sub"};

struct JwtBearerConfig {
  jwt::Algorithm algorithm;
  KeyEncoding key_encoding;
  std::string key_id, issuer, subject, audience;
  int64_t lifetime_seconds, backdate_seconds;
  bool jti;
  Json claims;
  Placement placement;

  std::string_view key_field() const {
    return algorithm == jwt::Algorithm::kHs256 ? "signing_secret" : "private_key";
  }

  static JwtBearerConfig Read(const ConfigReader& config) {
    return {config.Choice("algorithm", kAlgorithms, jwt::Algorithm::kRs256),
            ReadKeyEncoding(config),
            config.Text("key_id"),
            config.Text("issuer"),
            config.Text("subject"),
            config.Text("audience"),
            config.Integer("lifetime_seconds", 300),
            config.Integer("backdate_seconds", 30),
            config.Flag("jti", false),
            config.Object("claims").object(),
            ReadPlacement(config)};
  }
};

nlohmann::ordered_json ClaimsOf(const JwtBearerConfig& config, const AuthInputs& inputs) {
  const int64_t now = absl::ToUnixSeconds(inputs.now);
  nlohmann::ordered_json claims;
  if (!config.issuer.empty()) claims["iss"] = config.issuer;
  if (!config.subject.empty()) claims["sub"] = config.subject;
  if (!config.audience.empty()) claims["aud"] = config.audience;
  claims["iat"] = now - config.backdate_seconds;
  claims["exp"] = now + config.lifetime_seconds;
  if (config.jti) claims["jti"] = inputs.nonce;
  for (const auto& [name, value] : config.claims.items()) claims[name] = value;
  return claims;
}

absl::StatusOr<jwt::Signer> SignerOf(const JwtBearerConfig& config,
                                     const Credentials& credentials) {
  const bool symmetric = config.algorithm == jwt::Algorithm::kHs256;
  ASSIGN_OR_RETURN(const crypto::Secret key,
                   KeyBytes(credentials, config.key_field(),
                            symmetric ? config.key_encoding : KeyEncoding::kRaw));
  absl::StatusOr<jwt::Signer> signer =
      jwt::Signer::Create(config.algorithm, key.Reveal(), config.key_id);
  if (signer.ok()) return signer;
  const absl::string_view why = signer.status().message();
  return InvalidCredential(config.key_field(), {why.data(), why.size()});
}

class JwtBearerStrategy final : public DescribedStrategy {
 public:
  JwtBearerStrategy()
      : DescribedStrategy("jwt_bearer", "Signs a JWT for each request and sends it.",
                          jwt_bearer::kConfigSchema) {}

  void Check(const Json& json, std::vector<FieldViolation>& wrong) const override {
    const JwtBearerConfig config = JwtBearerConfig::Read(ConfigReader(json, wrong));
    CheckPlacement(config.placement, "", wrong);
    if (config.algorithm != jwt::Algorithm::kHs256 && json.contains("key_encoding")) {
      wrong.push_back({"key_encoding", "is only for HS256; other keys are PEM"});
    }
    for (const auto& [name, value] : config.claims.items()) {
      if (std::ranges::find(kOwnClaims, name) != std::end(kOwnClaims)) {
        wrong.push_back({"claims." + name, "is set by other members"});
      }
    }
  }

  std::vector<SecretField> secret_fields(const Json& json) const override {
    std::vector<FieldViolation> wrong;
    const JwtBearerConfig config = JwtBearerConfig::Read(ConfigReader(json, wrong));
    return {{std::string(config.key_field()), config.algorithm == jwt::Algorithm::kHs256
                                                  ? "The key that both sides know."
                                                  : "PEM, without a passphrase."}};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    std::vector<FieldViolation> wrong;
    const JwtBearerConfig config = JwtBearerConfig::Read(ConfigReader(inputs.config, wrong));
    if (!wrong.empty()) return BadRequest(wrong);
    if (inputs.writing == Writing::kShown) {
      const std::string shown = ComputedPlaceholder("JWT signed", config.key_field());
      return Place(config.placement, shown, inputs.writing, request);
    }
    ASSIGN_OR_RETURN(const jwt::Signer signer, SignerOf(config, inputs.credentials));
    return Place(config.placement, signer.Sign(ClaimsOf(config, inputs)), inputs.writing, request);
  }
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeJwtBearerStrategy() {
  return std::make_unique<JwtBearerStrategy>();
}

}  // namespace penstock::connector
