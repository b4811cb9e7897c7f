#include "libs/auth/service_token.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::auth {
namespace {

constexpr std::string_view kPrefix = "svc_";
constexpr size_t kMinKeyBytes = 32;
constexpr size_t kMaxTokenBytes = 1024;
constexpr absl::Duration kLifetime = absl::Minutes(1);
// Clocks of two machines differ; a token is good this much longer, and never much longer than it
// could have been made for.
constexpr absl::Duration kLeeway = absl::Seconds(10);

absl::Status Refused(const char* why, const char* reason) {
  return WithReason(absl::UnauthenticatedError(why), reason);
}

absl::Status Invalid() { return Refused("the service token is not valid", kInvalidToken); }

}  // namespace

config::Declarations DeclareServiceKeySettings() {
  return {{.name = "PENSTOCK_SERVICE_KEY",
           .type = config::Type::kSecret,
           .help = "The key that services sign their calls to each other with; at least 32 bytes, "
                   "the same for all services."}};
}

ServiceTokens::ServiceTokens(crypto::Secret key, std::string service, const Clock& clock)
    : key_(std::move(key)), service_(std::move(service)), clock_(clock) {}

absl::StatusOr<std::unique_ptr<ServiceTokens>> ServiceTokens::Create(crypto::Secret key,
                                                                     std::string service,
                                                                     const Clock& clock) {
  if (key.size() < kMinKeyBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the service key has {} bytes and needs {}", key.size(), kMinKeyBytes));
  }
  return std::unique_ptr<ServiceTokens>(
      new ServiceTokens(std::move(key), std::move(service), clock));
}

absl::StatusOr<std::unique_ptr<ServiceTokens>> ServiceTokens::FromFile(const std::string& path,
                                                                       std::string service,
                                                                       const Clock& clock) {
  ASSIGN_OR_RETURN(crypto::Secret key, crypto::ReadSecretFile(path));
  return Create(std::move(key), std::move(service), clock);
}

std::string ServiceTokens::Make(TenantId tenant) const {
  nlohmann::json payload = {{"service", service_},
                            {"exp", absl::ToUnixSeconds(clock_.Now() + kLifetime)}};
  if (!tenant.is_nil()) payload["tenant"] = tenant.ToString();
  std::string encoded = crypto::Base64UrlEncode(payload.dump());
  return fmt::format(
      "{}{}.{}", kPrefix, encoded,
      crypto::Base64UrlEncode(crypto::HmacSha256(key_.Reveal(), fmt::format("svc.{}", encoded))));
}

bool ServiceTokens::Recognizes(std::string_view credential) const {
  return credential.starts_with(kPrefix);
}

absl::StatusOr<CallContext> ServiceTokens::Authenticate(std::string_view credential,
                                                        absl::Time) const {
  return Verify(credential);
}

std::optional<absl::StatusOr<CallContext>> ServiceTokens::TryAuthenticate(
    std::string_view credential) const {
  return Verify(credential);
}

absl::StatusOr<CallContext> ServiceTokens::Verify(std::string_view credential) const {
  if (credential.size() > kMaxTokenBytes || !credential.starts_with(kPrefix)) return Invalid();
  std::string_view body = credential.substr(kPrefix.size());
  size_t dot = body.find('.');
  if (dot == std::string_view::npos) return Invalid();
  std::string_view encoded = body.substr(0, dot);
  std::optional<std::string> code = crypto::Base64UrlDecode(body.substr(dot + 1));
  // The code is checked before anything of the payload is looked at.
  if (!code || !crypto::ConstantTimeEqual(
                   *code, crypto::HmacSha256(key_.Reveal(), fmt::format("svc.{}", encoded)))) {
    return Invalid();
  }
  std::optional<std::string> text = crypto::Base64UrlDecode(encoded);
  if (!text) return Invalid();
  nlohmann::json payload = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!payload.is_object() || !payload.contains("service") || !payload["service"].is_string() ||
      !payload.contains("exp") || !payload["exp"].is_number_integer()) {
    return Invalid();
  }
  absl::Time expires_at = absl::FromUnixSeconds(payload["exp"].get<int64_t>());
  absl::Time now = clock_.Now();
  if (now > expires_at + kLeeway) return Refused("the service token has expired", kExpiredToken);
  if (expires_at > now + kLifetime + kLeeway) return Invalid();

  CallContext caller;
  caller.service = payload["service"].get<std::string>();
  if (caller.service.empty()) return Invalid();
  if (payload.contains("tenant")) {
    if (!payload["tenant"].is_string()) return Invalid();
    std::optional<TenantId> tenant = TenantId::Parse(payload["tenant"].get<std::string>());
    if (!tenant) return Invalid();
    caller.tenant = *tenant;
  }
  return caller;
}

}  // namespace penstock::auth
