#include "services/connector/oauth/assertion.h"

#include "libs/crypto/ed25519.h"
#include "libs/crypto/encoding.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

using Json = nlohmann::json;

// A provider whose clock is behind ours would take them for ones of the future.
constexpr absl::Duration kSkew = absl::Seconds(60);

Json ClaimsOf(const OAuth2Config& config, absl::Time now, std::string_view unique) {
  const JwtConfig& jwt = config.jwt;
  Json claims = jwt.claims;
  claims["iss"] = jwt.issuer.empty() ? config.client_id : jwt.issuer;
  claims["aud"] = jwt.audience.empty() ? config.token_url : jwt.audience;
  claims["iat"] = absl::ToUnixSeconds(now - std::min(kSkew, jwt.lifetime / 5));
  claims["exp"] = absl::ToUnixSeconds(now - std::min(kSkew, jwt.lifetime / 5) + jwt.lifetime);
  claims["jti"] = unique;
  return claims;
}

absl::StatusOr<std::string> Sign(const JwtConfig& config, const Json& claims, std::string_view private_key) {
  Json header = {{"alg", jwt::AlgorithmName(config.algorithm)}, {"typ", "JWT"}};
  if (!config.key_id.empty()) header["kid"] = config.key_id;
  const std::string signed_part = crypto::Base64UrlEncode(header.dump()) + "." + crypto::Base64UrlEncode(claims.dump());
  const absl::StatusOr<crypto::Ed25519PrivateKey> key = crypto::Ed25519PrivateKey::FromPem(private_key);
  if (!key.ok()) {
    return WithReason(absl::FailedPreconditionError("the secret \"private_key\" is no Ed25519 key in PEM"), "CREDENTIAL_INVALID",
                      {{"field", "private_key"}});
  }
  return signed_part + "." + crypto::Base64UrlEncode(key->Sign(signed_part));
}

}  // namespace

absl::StatusOr<std::string> MakeClientAssertion(const OAuth2Config& config, std::string_view private_key, absl::Time now, std::string_view unique) {
  Json claims = ClaimsOf(config, now, unique);
  claims["iss"] = config.client_id;  // RFC 7523 3: issuer and subject are the client
  claims["sub"] = config.client_id;
  return Sign(config.jwt, claims, private_key);
}

absl::StatusOr<std::string> MakeGrantAssertion(const OAuth2Config& config, const std::vector<std::string>& scopes, std::string_view private_key,
                                               absl::Time now, std::string_view unique) {
  Json claims = ClaimsOf(config, now, unique);
  if (!config.jwt.subject.empty()) claims["sub"] = config.jwt.subject;
  if (config.jwt.scope_in_assertion) {
    std::string joined;
    for (const std::string& scope : scopes) joined += (joined.empty() ? "" : config.scope_separator) + scope;
    claims["scope"] = joined;
  }
  return Sign(config.jwt, claims, private_key);
}

}  // namespace penstock::connector
