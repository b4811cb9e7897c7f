#include "services/interfaces/domain/refresh_token.h"

#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"

namespace penstock::interfaces {
namespace {

constexpr std::string_view kPrefix = "rt_";
constexpr std::string_view kPurpose = "penstock refresh token successor";
constexpr size_t kIdBytes = 16;
constexpr size_t kSecretBytes = 32;
constexpr size_t kTextBytes = 86;  // of 64 bytes in base64url without padding

}  // namespace

std::string FormatRefreshToken(const RefreshToken& token) {
  std::string bytes(token.tenant.uuid().as_string_view());
  bytes += token.session.uuid().as_string_view();
  bytes += token.secret;
  return std::string(kPrefix) + crypto::Base64UrlEncode(bytes);
}

std::optional<RefreshToken> ParseRefreshToken(std::string_view text) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kTextBytes) return std::nullopt;
  const std::optional<std::string> bytes = crypto::Base64UrlDecode(text.substr(kPrefix.size()));
  if (!bytes || bytes->size() != 2 * kIdBytes + kSecretBytes) return std::nullopt;
  const std::string_view view = *bytes;
  const std::optional<Uuid> tenant = Uuid::FromBytes(view.substr(0, kIdBytes));
  const std::optional<Uuid> session = Uuid::FromBytes(view.substr(kIdBytes, kIdBytes));
  if (!tenant || !session) return std::nullopt;
  return RefreshToken{TenantId(*tenant), SessionId(*session),
                      std::string(view.substr(2 * kIdBytes))};
}

std::string HashOf(const RefreshToken& token) { return crypto::Sha256(token.secret); }

RefreshToken MakeRefreshToken(TenantId tenant, SessionId session) {
  return {tenant, session, crypto::RandomBytes(kSecretBytes)};
}

RefreshToken SuccessorOf(const RefreshToken& used, std::string_view salt,
                         std::string_view request_id) {
  std::string material(kPurpose);
  material += salt;  // of fixed length, so what follows can't be taken for a part of it
  material += request_id;
  return {used.tenant, used.session, crypto::HmacSha256(used.secret, material)};
}

}  // namespace penstock::interfaces
