// How clients prove who they are.
#include "absl/strings/str_split.h"
#include "libs/crypto/ed25519.h"
#include "libs/crypto/encoding.h"
#include "libs/http/percent.h"
#include "nlohmann/json.hpp"
#include "services/connector/testing/authorization_server.h"

namespace penstock::connector::testing {
namespace {

using Json = nlohmann::json;

constexpr char kJwtAssertion[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

}  // namespace

bool AuthorizationServer::CheckAssertion(const std::string& assertion,
                                         const std::string& public_key, std::string_view issuer) {
  const std::vector<std::string> parts = absl::StrSplit(assertion, '.');
  if (parts.size() != 3) return false;
  const auto header = crypto::Base64UrlDecode(parts[0]),
             payload = crypto::Base64UrlDecode(parts[1]),
             signature = crypto::Base64UrlDecode(parts[2]);
  const auto key = crypto::Ed25519PublicKey::FromPem(public_key);
  if (!header || !payload || !signature || !key.ok() ||
      !key->Verify(parts[0] + "." + parts[1], *signature))
    return false;
  const Json claims = Json::parse(*payload, nullptr, false),
             head = Json::parse(*header, nullptr, false);
  if (!claims.is_object() || head.value("alg", "") != "EdDSA") return false;
  const int64_t now = absl::ToUnixSeconds(clock_.Now() + switches_.clock_skew);
  const int64_t iat = claims.value("iat", int64_t{0}), exp = claims.value("exp", int64_t{0});
  const bool in_time = iat <= now + 60 && exp > now - 60 && exp - iat <= 300;
  // Used once, as jti is for.
  return in_time && claims.value("aud", "") == url("/token") && claims.value("iss", "") == issuer &&
         !claims.value("jti", "").empty() &&
         seen_assertions_.insert(claims.value("jti", "") + parts[2]).second;
}

std::optional<AuthorizationServer::Answer> AuthorizationServer::CheckClient(
    const egress::ReceivedRequest& request, Form& form) {
  const auto header = request.headers.find("authorization");
  const bool basic = header != request.headers.end();
  const bool post = form.contains("client_secret");
  const bool assertion = form.contains("client_assertion");
  if (basic + post + assertion > 1) return Error("invalid_request");  // RFC 6749 2.3
  bool known = false;
  switch (switches_.client_auth) {
    case ServerClientAuth::kBasic: {
      if (!basic || !header->second.starts_with("Basic ")) break;
      const auto pair = crypto::Base64Decode(header->second.substr(6));
      if (!pair) break;
      const size_t colon = pair->find(':');
      if (colon == std::string::npos) break;
      const auto id = http::PercentDecode(pair->substr(0, colon)),
                 secret = http::PercentDecode(pair->substr(colon + 1));
      known = id == switches_.client_id && secret == switches_.client_secret;
      break;
    }
    case ServerClientAuth::kPost:
      known = post && Get(form, "client_id") == switches_.client_id &&
              Get(form, "client_secret") == switches_.client_secret;
      break;
    case ServerClientAuth::kPrivateKeyJwt:
      known = assertion && Get(form, "client_assertion_type") == kJwtAssertion &&
              CheckAssertion(Get(form, "client_assertion"), switches_.client_public_key,
                             switches_.client_id);
      break;
    case ServerClientAuth::kNone:
      known = !basic && !post && Get(form, "client_id") == switches_.client_id;
      break;
  }
  if (!known) return Error("invalid_client");
  return std::nullopt;
}

}  // namespace penstock::connector::testing
