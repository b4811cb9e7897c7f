#include "services/connector/oauth/assertion.h"

#include <algorithm>

#include "libs/jwt/signer.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {
namespace {

using Json = nlohmann::ordered_json;

// A provider whose clock is behind ours would take them for ones of the future.
constexpr absl::Duration kSkew = absl::Seconds(60);

Json ClaimsOf(const OAuth2Config& config, absl::Time now, std::string_view unique) {
  const JwtConfig& jwt = config.jwt;
  Json claims = Json(jwt.claims);
  claims["iss"] = jwt.issuer.empty() ? config.client_id : jwt.issuer;
  claims["aud"] = jwt.audience.empty() ? config.token_url : jwt.audience;
  claims["iat"] = absl::ToUnixSeconds(now - std::min(kSkew, jwt.lifetime / 5));
  claims["exp"] = absl::ToUnixSeconds(now - std::min(kSkew, jwt.lifetime / 5) + jwt.lifetime);
  claims["jti"] = unique;
  return claims;
}

absl::StatusOr<std::string> Sign(const JwtConfig& config, const Json& claims,
                                 std::string_view private_key) {
  const absl::StatusOr<jwt::Signer> signer =
      jwt::Signer::Create(config.algorithm, private_key, config.key_id);
  if (!signer.ok()) {
    return WithReason(absl::FailedPreconditionError("the secret \"private_key\" " +
                                                    std::string(signer.status().message())),
                      "CREDENTIAL_INVALID", {{"field", "private_key"}});
  }
  return signer->Sign(claims);
}

}  // namespace

absl::StatusOr<std::string> MakeClientAssertion(const OAuth2Config& config,
                                                std::string_view private_key, absl::Time now,
                                                std::string_view unique) {
  Json claims = ClaimsOf(config, now, unique);
  claims["iss"] = config.client_id;  // RFC 7523 3: issuer and subject are the client
  claims["sub"] = config.client_id;
  return Sign(config.jwt, claims, private_key);
}

absl::StatusOr<std::string> MakeGrantAssertion(const OAuth2Config& config,
                                               const std::vector<std::string>& scopes,
                                               std::string_view private_key, absl::Time now,
                                               std::string_view unique) {
  Json claims = ClaimsOf(config, now, unique);
  if (!config.jwt.subject.empty()) claims["sub"] = config.jwt.subject;
  if (config.jwt.scope_in_assertion) {
    std::string joined;
    for (const std::string& scope : scopes)
      joined += (joined.empty() ? "" : config.scope_separator) + scope;
    claims["scope"] = joined;
  }
  return Sign(config.jwt, claims, private_key);
}

}  // namespace penstock::connector
