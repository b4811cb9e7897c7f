#include "services/connector/auth/oauth2/oauth2_check.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/strings/ascii.h"
#include "fmt/format.h"

namespace penstock::connector {
namespace {

using Wrong = std::vector<FieldViolation>;

// What the machinery itself puts there; another value would undo what it protects.
constexpr std::string_view kOwnAuthorizeParameters[] = {
    "client_id", "code_challenge", "code_challenge_method", "nonce",         "redirect_uri",
    "request",   "request_uri",    "response_mode",         "response_type", "state"};
constexpr std::string_view kOwnTokenParameters[] = {
    "assertion",     "client_assertion", "client_assertion_type", "client_secret", "code",
    "code_verifier", "device_code",      "refresh_token",         "redirect_uri"};
constexpr std::string_view kOwnClaims[] = {"aud", "exp", "iat", "iss", "jti", "nbf", "sub"};

void CheckUrls(const OAuth2Config& config, const UrlRules& rules, Wrong& wrong) {
  CheckDestination(config.authorize_url, "authorize_url", rules, wrong);
  CheckDestination(config.token_url, "token_url", rules, wrong);
  if (config.refresh_url != config.token_url) {
    CheckDestination(config.refresh_url, "refresh_url", rules, wrong);
  }
  CheckDestination(config.revoke_url, "revoke_url", rules, wrong);
  CheckDestination(config.device_url, "device_url", rules, wrong);
  CheckDestination(config.issuer, "issuer", rules, wrong);
}

void CheckGrant(const OAuth2Config& config, Wrong& wrong) {
  const auto needs = [&](const std::string& value, const char* field, const char* grant) {
    if (value.empty()) wrong.push_back({field, fmt::format("is needed for {}", grant)});
  };
  if (config.token_url.empty()) wrong.push_back({"token_url", "is needed"});
  switch (config.grant_type) {
    case GrantType::kAuthorizationCode:
      needs(config.authorize_url, "authorize_url", "authorization_code");
      needs(config.client_id, "client_id", "authorization_code");
      break;
    case GrantType::kDeviceCode:
      needs(config.device_url, "device_url", "device_code");
      needs(config.client_id, "client_id", "device_code");
      break;
    case GrantType::kClientCredentials:
      needs(config.client_id, "client_id", "client_credentials");
      break;
    case GrantType::kJwtBearer:
      if (config.jwt.issuer.empty()) needs(config.client_id, "jwt.issuer", "jwt_bearer");
      break;
  }
}

void CheckClient(const OAuth2Config& config, Wrong& wrong) {
  const bool is_public = config.client_auth == ClientAuth::kNone;
  if (config.client_auth != ClientAuth::kNone && config.client_id.empty() &&
      config.grant_type == GrantType::kJwtBearer) {
    wrong.push_back({"client_id", "is needed with client_auth"});
  }
  if (is_public && config.grant_type == GrantType::kClientCredentials) {
    wrong.push_back({"client_auth", "can't be none: client_credentials are the client's own"});
  }
  // RFC 9700: nothing else keeps a stolen code from being used.
  if (is_public && config.grant_type == GrantType::kAuthorizationCode &&
      config.pkce == Pkce::kUnsupported) {
    wrong.push_back({"pkce", "can't be unsupported for a client without authentication"});
  }
}

void CheckRotation(const OAuth2Config& config, Wrong& wrong) {
  const bool grace = config.rotation == Rotation::kGrace;
  if (grace && config.grace_period <= absl::ZeroDuration()) {
    wrong.push_back({"grace_seconds", "is needed when rotation is grace"});
  }
  if (!grace && config.grace_period != absl::ZeroDuration()) {
    wrong.push_back({"grace_seconds", "is only for rotation grace"});
  }
  const absl::Duration idle = config.refresh_idle_ttl, whole = config.refresh_absolute_ttl;
  if (whole != absl::ZeroDuration() && idle > whole) {
    wrong.push_back({"refresh_idle_ttl_seconds", "is longer than refresh_absolute_ttl_seconds"});
  }
}

bool IsParameterName(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '&' && c != '=' && c != '#';
  });
}

template <typename Map>
void CheckParameters(const Map& parameters, const char* field, const auto& own, Wrong& wrong) {
  for (const auto& [name, value] : parameters) {
    if (!IsParameterName(name)) {
      wrong.push_back({fmt::format("{}.{}", field, name), "is no name of a parameter"});
    } else if (std::ranges::find(own, name) != std::end(own)) {
      wrong.push_back({fmt::format("{}.{}", field, name), "is set by the protocol itself"});
    }
  }
}

void CheckFromToken(const OAuth2Config& config, Wrong& wrong) {
  std::set<std::string> names;
  for (size_t i = 0; i < config.from_token.size(); ++i) {
    const FromToken& entry = config.from_token[i];
    const std::string at = fmt::format("from_token[{}]", i);
    if (entry.name.empty()) wrong.push_back({at + ".name", "is needed"});
    if (entry.path.empty()) wrong.push_back({at + ".path", "is needed"});
    if (!names.insert(entry.name).second) wrong.push_back({at + ".name", "is there twice"});
    for (size_t j = 0; j < entry.hosts.size(); ++j) {
      if (!IsPublicHostPattern(entry.hosts[j])) {
        wrong.push_back({fmt::format("{}.hosts[{}]", at, j),
                         "must be a public DNS name, or *. and one of at least two labels"});
      }
    }
  }
}

void CheckJwt(const OAuth2Config& config, Wrong& wrong) {
  if (config.jwt.lifetime <= absl::ZeroDuration() || config.jwt.lifetime > absl::Hours(1)) {
    wrong.push_back({"jwt.lifetime_seconds", "must be 1 to 3600"});
  }
  for (const auto& [name, value] : config.jwt.claims.items()) {
    const bool own = std::ranges::find(kOwnClaims, name) != std::end(kOwnClaims) ||
                     (name == "scope" && config.jwt.scope_in_assertion);
    if (own) wrong.push_back({"jwt.claims." + name, "is set by other members"});
  }
  if (config.jwt.scope_in_assertion && config.grant_type != GrantType::kJwtBearer) {
    wrong.push_back({"jwt.scope_in_assertion", "is only for jwt_bearer"});
  }
}

}  // namespace

void CheckOAuth2Config(const OAuth2Config& config, const UrlRules& rules, Wrong& wrong) {
  CheckGrant(config, wrong);
  CheckUrls(config, rules, wrong);
  CheckClient(config, wrong);
  CheckRotation(config, wrong);
  CheckParameters(config.authorize_parameters, "authorize_parameters", kOwnAuthorizeParameters,
                  wrong);
  CheckParameters(config.token_parameters, "token_parameters", kOwnTokenParameters, wrong);
  if (!IsParameterName(config.scope_parameter)) {
    wrong.push_back({"scope_parameter", "is no name of a parameter"});
  }
  CheckPlacement(config.inject, "inject.", wrong);
  CheckFromToken(config, wrong);
  CheckJwt(config, wrong);
}

}  // namespace penstock::connector
