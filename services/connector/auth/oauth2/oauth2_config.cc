#include "services/connector/auth/oauth2/oauth2_config.h"

#include <string_view>
#include <utility>

#include "services/connector/auth/config_reader.h"

namespace penstock::connector {
namespace {

template <typename Value>
using Word = std::pair<std::string_view, Value>;

constexpr Word<GrantType> kGrantTypes[] = {
    {"authorization_code", GrantType::kAuthorizationCode},
    {"client_credentials", GrantType::kClientCredentials},
    {"device_code", GrantType::kDeviceCode},
    {"jwt_bearer", GrantType::kJwtBearer},
};
constexpr Word<ClientAuth> kClientAuths[] = {
    {"basic", ClientAuth::kBasic},
    {"post", ClientAuth::kPost},
    {"private_key_jwt", ClientAuth::kPrivateKeyJwt},
    {"none", ClientAuth::kNone},
};
constexpr Word<BasicEncoding> kBasicEncodings[] = {{"form", BasicEncoding::kForm},
                                                   {"raw", BasicEncoding::kRaw}};
constexpr Word<Pkce> kPkces[] = {{"required", Pkce::kRequired},
                                 {"optional", Pkce::kOptional},
                                 {"unsupported", Pkce::kUnsupported}};
constexpr Word<TokenBody> kTokenBodies[] = {{"form", TokenBody::kForm}, {"json", TokenBody::kJson}};
constexpr Word<Rotation> kRotations[] = {{"none", Rotation::kNone},
                                         {"rotating", Rotation::kRotating},
                                         {"single_use", Rotation::kSingleUse},
                                         {"grace", Rotation::kGrace}};
constexpr Word<RevokeStyle> kRevokeStyles[] = {{"rfc7009", RevokeStyle::kRfc7009},
                                               {"query_get", RevokeStyle::kQueryGet},
                                               {"bearer_post", RevokeStyle::kBearerPost},
                                               {"basic_json", RevokeStyle::kBasicJson},
                                               {"path_delete", RevokeStyle::kPathDelete}};
constexpr Word<int> kExpiryUnits[] = {{"seconds", 1000}, {"milliseconds", 1}};
// Assertions are verified with a public key: no HS256.
constexpr Word<jwt::Algorithm> kAlgorithms[] = {{"RS256", jwt::Algorithm::kRs256},
                                                {"ES256", jwt::Algorithm::kEs256},
                                                {"EdDSA", jwt::Algorithm::kEdDsa}};

absl::Duration Seconds(const ConfigReader& config, std::string_view name, int64_t fallback = 0) {
  return absl::Seconds(config.Integer(name, fallback));
}

void ReadUrls(const ConfigReader& config, OAuth2Config& out) {
  out.authorize_url = config.Text("authorize_url");
  out.token_url = config.Text("token_url");
  out.refresh_url = config.Text("refresh_url", out.token_url);
  out.revoke_url = config.Text("revoke_url");
  out.device_url = config.Text("device_url");
  out.issuer = config.Text("issuer");
}

void ReadClient(const ConfigReader& config, OAuth2Config& out) {
  out.grant_type = config.Choice("grant_type", kGrantTypes, out.grant_type);
  out.client_id = config.Text("client_id");
  const bool public_by_default =
      out.grant_type == GrantType::kDeviceCode || out.grant_type == GrantType::kJwtBearer;
  out.client_auth = config.Choice("client_auth", kClientAuths,
                                  public_by_default ? ClientAuth::kNone : ClientAuth::kBasic);
  out.basic_encoding = config.Choice("basic_encoding", kBasicEncodings, out.basic_encoding);
  out.pkce = config.Choice("pkce", kPkces, out.pkce);
}

void ReadRequests(const ConfigReader& config, OAuth2Config& out) {
  out.scope_separator = config.Text("scope_separator", out.scope_separator);
  out.scope_parameter = config.Text("scope_parameter", out.scope_parameter);
  out.authorize_parameters = config.Texts("authorize_parameters");
  out.token_parameters = config.Texts("token_parameters");
  out.token_body = config.Choice("token_body", kTokenBodies, out.token_body);
  out.token_path = config.Text("token_path");
  out.revoke_style = config.Choice("revoke_style", kRevokeStyles, out.revoke_style);
}

void ReadLifetimes(const ConfigReader& config, OAuth2Config& out) {
  out.rotation = config.Choice("rotation", kRotations, out.rotation);
  out.grace_period = Seconds(config, "grace_seconds");
  out.access_ttl = Seconds(config, "access_ttl_seconds");
  out.refresh_idle_ttl = Seconds(config, "refresh_idle_ttl_seconds");
  out.refresh_absolute_ttl = Seconds(config, "refresh_absolute_ttl_seconds");
  out.expires_in_unit = absl::Milliseconds(config.Choice("expires_in_unit", kExpiryUnits, 1000));
}

JwtConfig ReadJwt(const ConfigReader& config) {
  JwtConfig jwt;
  jwt.issuer = config.Text("issuer");
  jwt.subject = config.Text("subject");
  jwt.audience = config.Text("audience");
  jwt.key_id = config.Text("key_id");
  jwt.algorithm = config.Choice("algorithm", kAlgorithms, jwt.algorithm);
  jwt.lifetime = Seconds(config, "lifetime_seconds", absl::ToInt64Seconds(jwt.lifetime));
  jwt.claims = config.Object("claims").object();
  jwt.scope_in_assertion = config.Flag("scope_in_assertion", false);
  return jwt;
}

}  // namespace

absl::StatusOr<OAuth2Config> OAuth2Config::FromJson(const nlohmann::json& json) {
  std::vector<FieldViolation> wrong;
  const ConfigReader config(json, wrong);
  OAuth2Config out;
  ReadUrls(config, out);
  ReadClient(config, out);
  ReadRequests(config, out);
  ReadLifetimes(config, out);
  out.inject = ReadPlacement(config.Object("inject"));
  for (const ConfigReader& entry : config.Objects("from_token")) {
    out.from_token.push_back({entry.Text("name"), entry.Text("path"), entry.List("hosts")});
  }
  out.jwt = ReadJwt(config.Object("jwt"));
  if (!wrong.empty()) return BadRequest(wrong);
  return out;
}

}  // namespace penstock::connector
