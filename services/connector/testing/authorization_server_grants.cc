// What tokens are given for.
#include "absl/strings/str_join.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "nlohmann/json.hpp"
#include "services/connector/testing/authorization_server.h"

namespace penstock::connector::testing {
namespace {

using Json = nlohmann::json;

constexpr char kDeviceGrant[] = "urn:ietf:params:oauth:grant-type:device_code";
constexpr char kJwtGrant[] = "urn:ietf:params:oauth:grant-type:jwt-bearer";

}  // namespace

AuthorizationServer::Answer AuthorizationServer::Tokens(const IssuedTokens& tokens) const {
  if (switches_.form_encoded) {
    std::string body = fmt::format("access_token={}&token_type=bearer&scope={}",
                                   tokens.access_token, absl::StrJoin(tokens.scopes, "%2C"));
    if (!switches_.expires_in.empty()) body += "&expires_in=" + switches_.expires_in;
    if (!tokens.refresh_token.empty()) body += "&refresh_token=" + tokens.refresh_token;
    return {.body = body, .type = "application/x-www-form-urlencoded; charset=utf-8"};
  }
  Json json = {{"access_token", tokens.access_token},
               {"token_type", "BEARER"},
               {"scope", absl::StrJoin(tokens.scopes, " ")}};
  if (!switches_.expires_in.empty()) json["expires_in"] = Json::parse(switches_.expires_in);
  if (!tokens.refresh_token.empty()) json["refresh_token"] = tokens.refresh_token;
  if (switches_.nested) json = {{"ok", true}, {"authed_user", json}};
  return {.body = json.dump()};
}

AuthorizationServer::Answer AuthorizationServer::GrantCode(const Form& form) {
  const auto at = codes_.find(Get(form, "code"));
  if (at == codes_.end()) return Error("invalid_grant");
  Code& code = at->second;
  if (!code.tokens_of.empty()) {
    families_.Revoke(code.tokens_of);  // RFC 6749 4.1.2: shown twice, somebody else has it
    return Error("invalid_grant");
  }
  const std::string verifier = Get(form, "code_verifier");
  const bool proven = code.challenge.empty()
                          ? verifier.empty()
                          : verifier.size() >= 43 &&
                                crypto::Base64UrlEncode(crypto::Sha256(verifier)) == code.challenge;
  if (!proven || Get(form, "redirect_uri") != code.redirect_uri) return Error("invalid_grant");
  const IssuedTokens tokens = families_.Begin(code.scopes, true);
  code.tokens_of = tokens.access_token;
  return Tokens(tokens);
}

AuthorizationServer::Answer AuthorizationServer::GrantDevice(const Form& form) {
  const auto at = devices_.find(Get(form, "device_code"));
  if (at == devices_.end()) return Error("expired_token");
  Device& device = at->second;
  const absl::Time now = clock_.Now();
  const bool too_fast =
      device.polled_at &&
      now - *device.polled_at < absl::Seconds(device.interval) - absl::Milliseconds(50);
  device.polled_at = now;
  if (too_fast) device.interval += 5;
  if (too_fast) return Error("slow_down");
  if (device.verdict == Device::Verdict::kNone) return Error("authorization_pending");
  if (device.verdict == Device::Verdict::kDenied) return Error("access_denied");
  const std::vector<std::string> scopes = device.scopes;
  devices_.erase(at);
  return Tokens(families_.Begin(scopes, true));
}

AuthorizationServer::Answer AuthorizationServer::GrantRefresh(const Form& form) {
  if (!switches_.refresh_error.empty())
    return Error(switches_.refresh_error, switches_.refresh_error_description);
  std::optional<IssuedTokens> tokens =
      families_.Refresh(Get(form, "refresh_token"), switches_.rules, clock_.Now());
  if (!tokens)
    return Error("invalid_grant",
                 "token " + Get(form, "refresh_token") + " is no good");  // as careless servers do
  if (switches_.omit_refresh_token) tokens->refresh_token.clear();
  return Tokens(*tokens);
}

AuthorizationServer::Answer AuthorizationServer::GrantAssertion(const Form& form) {
  if (!CheckAssertion(Get(form, "assertion"), switches_.subject_public_key, switches_.client_id))
    return Error("invalid_grant");
  return Tokens(families_.Begin(Words(Get(form, "scope")), false));
}

AuthorizationServer::Answer AuthorizationServer::Grant(const std::string& grant_type,
                                                       const Form& form) {
  absl::MutexLock lock(&mutex_);
  if (grant_type == "authorization_code") return GrantCode(form);
  if (grant_type == "refresh_token") return GrantRefresh(form);
  if (grant_type == "client_credentials")
    return Tokens(
        families_.Begin(switches_.grant_scopes.value_or(Words(Get(form, "scope"))), false));
  if (grant_type == kDeviceGrant) return GrantDevice(form);
  if (grant_type == kJwtGrant) return GrantAssertion(form);
  return Error("unsupported_grant_type");
}

}  // namespace penstock::connector::testing
