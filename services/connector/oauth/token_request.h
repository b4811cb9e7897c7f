// Requests to a provider's token endpoint and its neighbours, built and not sent. Pure: secrets in,
// a request out.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/egress/http.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/credentials/credentials.h"

namespace penstock::connector {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Everything for one answer; shorter than a lease (grant_store.h) by what it takes to write the
// outcome down.
inline constexpr absl::Duration kTokenRequestTimeout = absl::Seconds(15);

// How we prove to be the client.
struct ClientProof {
  const Credentials& credentials;          // "client_secret" for basic and post
  std::string_view client_assertion = {};  // signed, for private_key_jwt
};

// What is asked for, by grant; token_parameters of the config replace what is here by itself.
Parameters CodeParameters(std::string_view code, std::string_view redirect_uri,
                          std::string_view verifier);
Parameters RefreshParameters(std::string_view refresh_token);
Parameters ClientCredentialsParameters(const OAuth2Config& config,
                                       const std::vector<std::string>& scopes);
Parameters JwtBearerParameters(const OAuth2Config& config, std::string_view assertion,
                               const std::vector<std::string>& scopes);
Parameters DeviceTokenParameters(std::string_view device_code);

// A POST to `url` with these parameters and the client's proof. FAILED_PRECONDITION
// (CREDENTIAL_MISSING) without the secret that takes.
absl::StatusOr<egress::HttpRequest> TokenRequest(const OAuth2Config& config, std::string_view url,
                                                 Parameters parameters, const ClientProof& proof);

// RFC 8628 3.1. The client proves itself only if it has a secret.
absl::StatusOr<egress::HttpRequest> DeviceAuthorizationRequest(
    const OAuth2Config& config, const std::vector<std::string>& scopes, const ClientProof& proof);

// Takes `token` back, as the provider likes it. `hint`: "refresh_token" or "access_token".
absl::StatusOr<egress::HttpRequest> RevocationRequest(const OAuth2Config& config,
                                                      std::string_view token, std::string_view hint,
                                                      const ClientProof& proof);

// Where a browser is sent to consent.
struct AuthorizeParameters {
  std::string_view redirect_uri;
  std::string_view state;
  std::string_view code_challenge;  // empty = no PKCE
  const std::vector<std::string>& scopes;
};
std::string AuthorizeUrl(const OAuth2Config& config, const AuthorizeParameters& parameters);

// application/x-www-form-urlencoded, as RFC 6749 appendix B has it: all but letters, digits and
// "-._~" as %XX; space too, which every reader of '+' understands as well.
std::string FormEncode(std::string_view text);
std::string FormEncode(const Parameters& parameters);

std::string JoinScopes(const OAuth2Config& config, const std::vector<std::string>& scopes);

}  // namespace penstock::connector
