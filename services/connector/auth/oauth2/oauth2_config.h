// The auth_config of a connector that uses OAuth 2, read. schema.json says what each member means;
// services/connector/oauth does what it says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/jwt/algorithm.h"
#include "nlohmann/json.hpp"
#include "services/connector/auth/placement.h"

namespace penstock::connector {

enum class GrantType { kAuthorizationCode, kClientCredentials, kDeviceCode, kJwtBearer };
enum class ClientAuth {
  kBasic,          // client id and secret in the Authorization header
  kPost,           // in the body
  kPrivateKeyJwt,  // an assertion signed with the secret "private_key" (RFC 7523)
  kNone,           // a public client
};
enum class BasicEncoding {
  kForm,  // form-encoded before base64, as RFC 6749 has it
  kRaw,
};
enum class Pkce {
  kRequired,     // S256, and the server is known to check it
  kOptional,     // S256 is sent
  kUnsupported,  // nothing is sent
};
enum class TokenBody { kForm, kJson };
// What happens to a refresh token when it is used.
enum class Rotation {
  kNone,       // stays as it is
  kRotating,   // may be replaced; the old one may work or not
  kSingleUse,  // is replaced, and the old one is dead at once
  kGrace,      // is replaced, and the old one works for grace_period more
};
enum class RevokeStyle {
  kRfc7009,     // POST token=...&token_type_hint=..., with client authentication
  kQueryGet,    // GET revoke_url?token=...
  kBearerPost,  // POST without a body, the access token as bearer
  kBasicJson,   // DELETE {"access_token": ...} with client id and secret as Basic
  kPathDelete,  // DELETE revoke_url/<refresh token, or access token>
};

// A value of the token answer that requests need: {"name": "instance_url", "path": "instance_url"}.
struct FromToken {
  std::string name;
  std::string path;  // members joined by dots: "data.0.id"
  // When it is a URL or host: where it may lead. "*.example.com" is any name below example.com.
  std::vector<std::string> hosts;
};

// Of assertions: what jwt_bearer grants and private_key_jwt are made of.
struct JwtConfig {
  std::string issuer;    // empty = client_id
  std::string subject;   // empty = client_id for private_key_jwt, no claim for jwt_bearer
  std::string audience;  // empty = token_url
  std::string key_id;    // empty = none
  jwt::Algorithm algorithm = jwt::Algorithm::kRs256;
  absl::Duration lifetime = absl::Minutes(5);
  nlohmann::json claims = nlohmann::json::object();  // more of them
  // jwt_bearer: the scopes are the claim "scope" and not a parameter of the request.
  bool scope_in_assertion = false;
};

struct OAuth2Config {
  GrantType grant_type = GrantType::kAuthorizationCode;
  std::string client_id;
  // Empty = there is none.
  std::string authorize_url, token_url, revoke_url, device_url;
  std::string refresh_url;  // token_url when the config has none
  std::string issuer;       // expected as "iss" of the callback (RFC 9207); empty = not checked

  ClientAuth client_auth = ClientAuth::kBasic;  // none by default for device_code and jwt_bearer
  BasicEncoding basic_encoding = BasicEncoding::kForm;
  Pkce pkce = Pkce::kRequired;
  std::string scope_separator = " ";
  std::string scope_parameter = "scope";
  std::map<std::string, std::string> authorize_parameters;
  // Replace what the request has by itself: {"grant_type": "account_credentials"}.
  std::map<std::string, std::string> token_parameters;
  TokenBody token_body = TokenBody::kForm;
  std::string token_path;  // where in the answer the tokens are: "authed_user"; empty = at its top

  Rotation rotation = Rotation::kRotating;
  absl::Duration grace_period;  // positive when rotation is kGrace, else zero
  // Zero = not known.
  absl::Duration access_ttl;  // when the answer has no expires_in
  absl::Duration refresh_idle_ttl;
  absl::Duration refresh_absolute_ttl;
  absl::Duration expires_in_unit = absl::Seconds(1);
  RevokeStyle revoke_style = RevokeStyle::kRfc7009;

  Placement inject;
  std::vector<FromToken> from_token;
  JwtConfig jwt;

  // INVALID_ARGUMENT with every member of the wrong type or an unknown word. What members must go
  // together is for CheckOAuth2Config.
  static absl::StatusOr<OAuth2Config> FromJson(const nlohmann::json& config);

  // Whether an assertion is signed with the secret "private_key".
  bool signs_assertions() const {
    return client_auth == ClientAuth::kPrivateKeyJwt || grant_type == GrantType::kJwtBearer;
  }
  // Whether the secret "client_secret" is used.
  bool has_client_secret() const {
    return client_auth == ClientAuth::kBasic || client_auth == ClientAuth::kPost;
  }
};

}  // namespace penstock::connector
