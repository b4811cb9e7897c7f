#include "libs/auth/token_verifier.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "libs/auth/authenticator.h"
#include "libs/auth/strict_json.h"
#include "libs/crypto/encoding.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::auth {
namespace {

using nlohmann::json;

// Clocks of two machines differ.
constexpr absl::Duration kLeeway = absl::Seconds(10);
// No token of ours lives longer: a key that was stolen for a moment is not good for years.
constexpr absl::Duration kMaxLifetime = absl::Hours(24);
constexpr size_t kMaxRoles = 16;

absl::Status Invalid() {
  return WithReason(absl::UnauthenticatedError("the access token is not valid"), kInvalidToken);
}

// Header, payload and signature, none when there are more or fewer parts.
std::optional<std::array<std::string_view, 3>> SplitToken(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1),
                    token.substr(second + 1)};
}

// Only the one spelling that encoding gives: another of the same bytes would be another token that
// is as good.
std::optional<std::string> DecodeExactly(std::string_view text) {
  std::optional<std::string> bytes = crypto::Base64UrlDecode(text);
  if (!bytes || crypto::Base64UrlEncode(*bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<std::string> StringIn(const json& object, const char* name) {
  auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

template <typename Id>
bool ReadId(const json& object, const char* name, Id& id) {
  const std::optional<std::string> text = StringIn(object, name);
  const std::optional<Id> parsed = text ? Id::Parse(*text) : std::nullopt;
  if (!parsed || parsed->is_nil()) return false;
  id = *parsed;
  return true;
}

bool ReadTime(const json& object, const char* name, absl::Time& time) {
  auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return false;
  // Beyond what an int64 holds it would wrap around.
  if (found->is_number_unsigned() && found->get<uint64_t>() > INT64_MAX) return false;
  time = absl::FromUnixSeconds(found->get<int64_t>());
  return true;
}

bool ReadRoles(const json& object, std::vector<Role>& roles) {
  auto found = object.find("roles");
  if (found == object.end() || !found->is_array() || found->empty() || found->size() > kMaxRoles) {
    return false;
  }
  for (const json& name : *found) {
    const std::optional<Role> role =
        name.is_string() ? ParseRole(name.get<std::string>()) : std::nullopt;
    if (!role) return false;
    roles.push_back(*role);
  }
  return true;
}

// The key that the header names, none when the header is not exactly ours.
const crypto::Ed25519PublicKey* KeyOf(std::string_view encoded_header,
                                      const VerificationKeys& keys) {
  const std::optional<std::string> text = DecodeExactly(encoded_header);
  const std::optional<json> header = text ? ParseStrictObject(*text) : std::nullopt;
  // No other member: "crit", "jku", "jwk", "x5u" and whatever comes would ask for something we
  // don't do.
  if (!header || header->size() != 3) return nullptr;
  if (StringIn(*header, "alg") != "EdDSA" || StringIn(*header, "typ") != "at+jwt") return nullptr;
  const std::optional<std::string> kid = StringIn(*header, "kid");
  if (!kid) return nullptr;
  auto key = keys.find(*kid);
  return key == keys.end() ? nullptr : &key->second;
}

std::optional<TokenClaims> ClaimsOf(const json& payload, const std::string& issuer) {
  TokenClaims claims;
  const bool ours =
      StringIn(payload, "iss") == issuer && StringIn(payload, "aud") == kTokenAudience &&
      ReadId(payload, "tid", claims.tenant) && ReadId(payload, "sub", claims.user) &&
      ReadId(payload, "sid", claims.session) && ReadId(payload, "jti", claims.id) &&
      ReadRoles(payload, claims.roles) && ReadTime(payload, "iat", claims.issued_at) &&
      ReadTime(payload, "nbf", claims.not_before) && ReadTime(payload, "exp", claims.expires_at);
  if (!ours) return std::nullopt;
  return claims;
}

absl::Status CheckTimes(const TokenClaims& claims, absl::Time now) {
  if (claims.issued_at > now + kLeeway || claims.not_before > now + kLeeway) return Invalid();
  if (claims.expires_at <= claims.issued_at ||
      claims.expires_at - claims.issued_at > kMaxLifetime) {
    return Invalid();
  }
  if (now >= claims.expires_at + kLeeway) {
    return WithReason(absl::UnauthenticatedError("the access token has expired"), kExpiredToken);
  }
  return absl::OkStatus();
}

}  // namespace

TokenVerifier::TokenVerifier(const TokenKeyring& keys, std::string issuer, const Clock& clock)
    : keys_(keys), issuer_(std::move(issuer)), clock_(clock) {}

absl::StatusOr<TokenClaims> TokenVerifier::Verify(std::string_view token) const {
  if (token.size() > kMaxTokenBytes) return Invalid();
  const auto parts = SplitToken(token);
  if (!parts) return Invalid();
  const auto& [header, payload, signature] = *parts;
  const std::shared_ptr<const VerificationKeys> keys = keys_.verification();
  const crypto::Ed25519PublicKey* key = KeyOf(header, *keys);
  if (key == nullptr) return Invalid();
  const std::optional<std::string> signature_bytes = DecodeExactly(signature);
  const std::string_view signed_text = token.substr(0, header.size() + 1 + payload.size());
  if (!signature_bytes || !key->Verify(signed_text, *signature_bytes)) return Invalid();

  const std::optional<std::string> text = DecodeExactly(payload);
  const std::optional<json> object = text ? ParseStrictObject(*text) : std::nullopt;
  const std::optional<TokenClaims> claims = object ? ClaimsOf(*object, issuer_) : std::nullopt;
  if (!claims) return Invalid();
  RETURN_IF_ERROR(CheckTimes(*claims, clock_.Now()));
  return *claims;
}

}  // namespace penstock::auth
