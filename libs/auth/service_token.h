// How services show each other who they are: "svc_" base64url(payload) "." base64url(HMAC-SHA256),
// payload a small JSON object
// {"service", "exp", "tenant"?}. Short-lived and made per call target; the shared key comes from
// PENSTOCK_SERVICE_KEY.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/authenticator.h"
#include "libs/clock/clock.h"
#include "libs/config/setting.h"
#include "libs/crypto/secret.h"

namespace penstock::auth {

// PENSTOCK_SERVICE_KEY.
config::Declarations DeclareServiceKeySettings();

class ServiceTokens final : public Authenticator {
 public:
  // INVALID_ARGUMENT when the key has less than 32 bytes. `service` is the name put into tokens
  // made here.
  static absl::StatusOr<std::unique_ptr<ServiceTokens>> Create(crypto::Secret key,
                                                               std::string service,
                                                               const Clock& clock);
  static absl::StatusOr<std::unique_ptr<ServiceTokens>> FromFile(const std::string& path,
                                                                 std::string service,
                                                                 const Clock& clock);

  // A token good for a minute. Nil tenant = acts for no tenant.
  std::string Make(TenantId tenant) const;

  bool Recognizes(std::string_view credential) const override;
  absl::StatusOr<CallContext> Authenticate(std::string_view credential,
                                           absl::Time deadline) const override;
  std::optional<absl::StatusOr<CallContext>> TryAuthenticate(
      std::string_view credential) const override;

 private:
  ServiceTokens(crypto::Secret key, std::string service, const Clock& clock);
  absl::StatusOr<CallContext> Verify(std::string_view credential) const;

  const crypto::Secret key_;
  const std::string service_;
  const Clock& clock_;
};

}  // namespace penstock::auth
