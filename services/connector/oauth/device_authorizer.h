// Consent on another device (RFC 8628): a code that a person types in somewhere, while we ask the
// provider now and then whether it was. Each device is a row, so that any replica goes on asking
// when another has gone.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "services/connector/oauth/authorization_store.h"
#include "services/connector/oauth/refresh_round.h"

namespace penstock::connector {

struct StartedDevice {
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;  // may be empty
  absl::Time expires_at;
};

class DeviceAuthorizer {
 public:
  // `parts` outlive it.
  explicit DeviceAuthorizer(const RefreshParts& parts)
      : parts_(parts), writer_(parts.pool, parts.credentials) {}

  // FAILED_PRECONDITION (NO_DEVICE_FLOW) for connectors without one; errors of the provider as
  // grant_error.h.
  absl::StatusOr<StartedDevice> Start(const auth::CallContext& caller, const Grant& grant,
                                      absl::Time deadline);

  // Asks about those whose turn it is; for a loop. How many.
  absl::StatusOr<int> PollDue(int limit, absl::Duration patience_each);

 private:
  absl::Status Poll(TenantId tenant, AuthorizationId id, absl::Time deadline);
  absl::StatusOr<TokenOutcome> Ask(const Authorization& device, const Grant& grant,
                                   const OAuth2Config& config, absl::Time deadline);
  absl::Status Conclude(const Authorization& device, TokenOutcome outcome);
  absl::Status End(const Authorization& device, const TokenFailure* failure,
                   std::string_view outcome);
  absl::Status Delay(const Authorization& device, int interval_seconds, absl::Duration delay);

  const RefreshParts& parts_;
  TokenWriter writer_;
};

}  // namespace penstock::connector
