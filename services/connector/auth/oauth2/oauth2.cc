#include "services/connector/auth/oauth2/oauth2.h"

#include <string>
#include <vector>

#include "libs/jwt/signer.h"
#include "libs/status/macros.h"
#include "services/connector/auth/credential_text.h"
#include "services/connector/auth/described_strategy.h"
#include "services/connector/auth/oauth2/oauth2_check.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/auth/oauth2/schema.h"

namespace penstock::connector {
namespace {

class OAuth2Strategy final : public DescribedStrategy {
 public:
  explicit OAuth2Strategy(UrlRules rules)
      : DescribedStrategy("oauth2", "Gets access tokens by OAuth 2 and sends them with requests.",
                          oauth2::kConfigSchema),
        rules_(rules) {}

  void Check(const Json& json, std::vector<FieldViolation>& wrong) const override {
    const absl::StatusOr<OAuth2Config> config = OAuth2Config::FromJson(json);
    if (config.ok()) return CheckOAuth2Config(*config, rules_, wrong);
    for (FieldViolation& violation : ViolationsOf(config.status())) {
      wrong.push_back(std::move(violation));
    }
  }

  std::vector<SecretField> secret_fields(const Json& json) const override {
    std::vector<SecretField> fields;
    const absl::StatusOr<OAuth2Config> config = OAuth2Config::FromJson(json);
    if (!config.ok()) return fields;
    if (config->has_client_secret()) fields.push_back({"client_secret", "The client's secret."});
    if (config->signs_assertions()) {
      fields.push_back(
          {"private_key", "PEM; signs assertions. The provider knows its other half."});
    }
    return fields;
  }

  TokenNeed token_need(const Json&) const override { return TokenNeed::kGrant; }

  std::vector<std::string> destinations(const Json&) const override {
    return {"token_url", "refresh_url", "revoke_url", "device_url", "authorize_url", "from_token"};
  }

  absl::Status Authenticate(const AuthInputs& inputs, egress::HttpRequest& request) const override {
    ASSIGN_OR_RETURN(const OAuth2Config config, OAuth2Config::FromJson(inputs.config));
    return PlaceCredential(config.inject, inputs, "access_token", request);
  }

  // Of what is entered: the access token comes later.
  absl::Status Examine(const AuthInputs& inputs) const override {
    ASSIGN_OR_RETURN(const OAuth2Config config, OAuth2Config::FromJson(inputs.config));
    if (config.has_client_secret()) {
      RETURN_IF_ERROR(
          TextCredential(inputs.credentials, "client_secret", Alphabet::kUtf8).status());
    }
    if (config.signs_assertions()) {
      ASSIGN_OR_RETURN(const std::string_view key, inputs.credentials.Get("private_key"));
      const auto signer = jwt::Signer::Create(config.jwt.algorithm, key);
      if (!signer.ok()) {
        const absl::string_view why = signer.status().message();
        return InvalidCredential("private_key", {why.data(), why.size()});
      }
    }
    return absl::OkStatus();
  }

 private:
  UrlRules rules_;
};

}  // namespace

std::unique_ptr<AuthStrategy> MakeOAuth2Strategy(UrlRules rules) {
  return std::make_unique<OAuth2Strategy>(rules);
}

}  // namespace penstock::connector
