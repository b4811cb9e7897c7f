#include "libs/auth/token_issuer.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"

namespace penstock::auth {

TokenIssuer::TokenIssuer(const TokenKeyring& keys, std::string issuer, absl::Duration lifetime,
                         const Clock& clock)
    : keys_(keys), issuer_(std::move(issuer)), lifetime_(lifetime), clock_(clock) {}

AccessToken TokenIssuer::Make(TenantId tenant, UserId user, const Uuid& session,
                              const std::vector<Role>& roles) const {
  const std::shared_ptr<const SigningKey> key = keys_.signing();
  const absl::Time now = clock_.Now();
  const int64_t issued_at = absl::ToUnixSeconds(now);
  const int64_t expires_at = issued_at + absl::ToInt64Seconds(lifetime_);
  nlohmann::ordered_json header = {{"alg", "EdDSA"}, {"typ", "at+jwt"}, {"kid", key->kid}};
  nlohmann::ordered_json payload = {{"iss", issuer_},
                                    {"aud", kTokenAudience},
                                    {"sub", user.ToString()},
                                    {"tid", tenant.ToString()},
                                    {"sid", session.ToString()},
                                    {"roles", nlohmann::ordered_json::array()},
                                    {"jti", Uuid::MakeV7(now).ToString()},
                                    {"iat", issued_at},
                                    {"nbf", issued_at},
                                    {"exp", expires_at}};
  for (Role role : roles) payload["roles"].push_back(std::string(RoleName(role)));
  const std::string signed_text = fmt::format("{}.{}", crypto::Base64UrlEncode(header.dump()),
                                              crypto::Base64UrlEncode(payload.dump()));
  return {fmt::format("{}.{}", signed_text, crypto::Base64UrlEncode(key->key.Sign(signed_text))),
          absl::FromUnixSeconds(expires_at)};
}

}  // namespace penstock::auth
