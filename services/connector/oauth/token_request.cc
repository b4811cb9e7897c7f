#include "services/connector/oauth/token_request.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "libs/crypto/encoding.h"
#include "libs/json/quote.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/token_answer.h"

namespace penstock::connector {
namespace {

constexpr char kDeviceGrant[] = "urn:ietf:params:oauth:grant-type:device_code";
constexpr char kJwtGrant[] = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr char kJwtAssertion[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

void Set(Parameters& parameters, std::string_view name, std::string_view value) {
  const auto at = std::find_if(parameters.begin(), parameters.end(),
                               [&](const auto& p) { return p.first == name; });
  if (at != parameters.end()) {
    at->second = value;
  } else {
    parameters.emplace_back(name, value);
  }
}

std::string JsonBody(const Parameters& parameters) {
  std::string body = "{";
  for (const auto& [name, value] : parameters) {
    if (body.size() > 1) body += ',';
    json::AppendQuoted(body, name);
    body += ':';
    json::AppendQuoted(body, value);
  }
  return body + "}";
}

egress::HttpRequest Bare(std::string_view method, std::string_view url) {
  return {.method = std::string(method),
          .url = std::string(url),
          // Some answer form-encoded unless asked (GitHub).
          .headers = {{"accept", "application/json"}},
          .timeout = kTokenRequestTimeout,
          .max_response_bytes = kMaxTokenAnswerBytes,
          // A redirect would carry the token or the secret elsewhere.
          .max_redirects = 0};
}

std::string BasicAuthorization(const OAuth2Config& config, std::string_view secret) {
  const bool form = config.basic_encoding == BasicEncoding::kForm;
  std::string pair = (form ? FormEncode(config.client_id) : config.client_id) + ":" +
                     (form ? FormEncode(secret) : std::string(secret));
  std::string header = "Basic " + crypto::Base64Encode(pair);
  crypto::Wipe(pair);
  return header;
}

absl::Status AddProof(const OAuth2Config& config, const ClientProof& proof,
                      egress::HttpRequest& request, Parameters& parameters) {
  switch (config.client_auth) {
    case ClientAuth::kBasic: {
      ASSIGN_OR_RETURN(const std::string_view secret, proof.credentials.Get("client_secret"));
      request.headers.emplace_back("authorization", BasicAuthorization(config, secret));
      break;
    }
    case ClientAuth::kPost: {
      ASSIGN_OR_RETURN(const std::string_view secret, proof.credentials.Get("client_secret"));
      Set(parameters, "client_id", config.client_id);
      Set(parameters, "client_secret", secret);
      break;
    }
    case ClientAuth::kPrivateKeyJwt:
      if (proof.client_assertion.empty())
        return absl::InternalError("no client assertion was made");
      Set(parameters, "client_id", config.client_id);
      Set(parameters, "client_assertion_type", kJwtAssertion);
      Set(parameters, "client_assertion", proof.client_assertion);
      break;
    case ClientAuth::kNone:
      if (!config.client_id.empty()) Set(parameters, "client_id", config.client_id);
      break;
  }
  return absl::OkStatus();
}

void SetBody(TokenBody body, const Parameters& parameters, egress::HttpRequest& request) {
  const bool json = body == TokenBody::kJson;
  request.headers.emplace_back("content-type",
                               json ? "application/json" : "application/x-www-form-urlencoded");
  request.body = json ? JsonBody(parameters) : FormEncode(parameters);
}

void AddScopes(const OAuth2Config& config, const std::vector<std::string>& scopes,
               Parameters& parameters) {
  if (!scopes.empty()) Set(parameters, config.scope_parameter, JoinScopes(config, scopes));
}

std::string WithQuery(const std::string& url, const Parameters& parameters) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + FormEncode(parameters);
}

}  // namespace

std::string FormEncode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

std::string FormEncode(const Parameters& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += FormEncode(name) + "=" + FormEncode(value);
  }
  return out;
}

std::string JoinScopes(const OAuth2Config& config, const std::vector<std::string>& scopes) {
  return absl::StrJoin(scopes, config.scope_separator);
}

Parameters CodeParameters(std::string_view code, std::string_view redirect_uri,
                          std::string_view verifier) {
  Parameters parameters = {{"grant_type", "authorization_code"},
                           {"code", std::string(code)},
                           {"redirect_uri", std::string(redirect_uri)}};
  if (!verifier.empty()) parameters.emplace_back("code_verifier", verifier);
  return parameters;
}

Parameters RefreshParameters(std::string_view refresh_token) {
  // No scope: what was granted is what is asked for (RFC 6749 6).
  return {{"grant_type", "refresh_token"}, {"refresh_token", std::string(refresh_token)}};
}

Parameters ClientCredentialsParameters(const OAuth2Config& config,
                                       const std::vector<std::string>& scopes) {
  Parameters parameters = {{"grant_type", "client_credentials"}};
  AddScopes(config, scopes, parameters);
  return parameters;
}

Parameters JwtBearerParameters(const OAuth2Config& config, std::string_view assertion,
                               const std::vector<std::string>& scopes) {
  Parameters parameters = {{"grant_type", kJwtGrant}, {"assertion", std::string(assertion)}};
  if (!config.jwt.scope_in_assertion) AddScopes(config, scopes, parameters);
  return parameters;
}

Parameters DeviceTokenParameters(std::string_view device_code) {
  return {{"grant_type", kDeviceGrant}, {"device_code", std::string(device_code)}};
}

absl::StatusOr<egress::HttpRequest> TokenRequest(const OAuth2Config& config, std::string_view url,
                                                 Parameters parameters, const ClientProof& proof) {
  egress::HttpRequest request = Bare("POST", url);
  for (const auto& [name, value] : config.token_parameters) Set(parameters, name, value);
  RETURN_IF_ERROR(AddProof(config, proof, request, parameters));
  SetBody(config.token_body, parameters, request);
  for (auto& [name, value] : parameters) crypto::Wipe(value);
  return request;
}

absl::StatusOr<egress::HttpRequest> DeviceAuthorizationRequest(
    const OAuth2Config& config, const std::vector<std::string>& scopes, const ClientProof& proof) {
  egress::HttpRequest request = Bare("POST", config.device_url);
  Parameters parameters = {{"client_id", config.client_id}};
  AddScopes(config, scopes, parameters);
  RETURN_IF_ERROR(AddProof(config, proof, request, parameters));
  SetBody(TokenBody::kForm, parameters, request);
  return request;
}

absl::StatusOr<egress::HttpRequest> RevocationRequest(const OAuth2Config& config,
                                                      std::string_view token, std::string_view hint,
                                                      const ClientProof& proof) {
  switch (config.revoke_style) {
    case RevokeStyle::kRfc7009: {
      egress::HttpRequest request = Bare("POST", config.revoke_url);
      Parameters parameters = {{"token", std::string(token)},
                               {"token_type_hint", std::string(hint)}};
      RETURN_IF_ERROR(AddProof(config, proof, request, parameters));
      SetBody(TokenBody::kForm, parameters, request);
      return request;
    }
    case RevokeStyle::kQueryGet:
      return Bare("GET", WithQuery(config.revoke_url, {{"token", std::string(token)}}));
    case RevokeStyle::kBearerPost: {
      egress::HttpRequest request = Bare("POST", config.revoke_url);
      request.headers.emplace_back("authorization", "Bearer " + std::string(token));
      return request;
    }
    case RevokeStyle::kBasicJson: {
      egress::HttpRequest request = Bare("DELETE", config.revoke_url);
      ASSIGN_OR_RETURN(const std::string_view secret, proof.credentials.Get("client_secret"));
      request.headers.emplace_back("authorization", BasicAuthorization(config, secret));
      SetBody(TokenBody::kJson, {{"access_token", std::string(token)}}, request);
      return request;
    }
    case RevokeStyle::kPathDelete:
      return Bare("DELETE", config.revoke_url + (config.revoke_url.ends_with('/') ? "" : "/") +
                                FormEncode(token));
  }
  return absl::InternalError("unknown revoke style");
}

std::string AuthorizeUrl(const OAuth2Config& config, const AuthorizeParameters& asked) {
  Parameters parameters = {{"response_type", "code"},
                           {"client_id", config.client_id},
                           {"redirect_uri", std::string(asked.redirect_uri)}};
  AddScopes(config, asked.scopes, parameters);
  for (const auto& [name, value] : config.authorize_parameters) Set(parameters, name, value);
  // Last, so that no configuration replaces what protects the flow.
  Set(parameters, "state", asked.state);
  if (!asked.code_challenge.empty()) {
    Set(parameters, "code_challenge", asked.code_challenge);
    Set(parameters, "code_challenge_method", "S256");
  }
  return WithQuery(config.authorize_url, parameters);
}

}  // namespace penstock::connector
