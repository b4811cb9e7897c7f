// A grant: what a provider has allowed us to do with somebody's account, as its row says. Its
// tokens are sealed elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "services/connector/credentials/use.h"
#include "services/connector/domain/connector.h"
#include "services/connector/oauth/grant_state.h"

namespace penstock::connector {

struct Grant {
  GrantId id = {};
  TenantId tenant = {};
  Uuid connector = {};                    // whose client gets its tokens
  std::optional<ProjectId> project = {};  // the connector's
  std::string display_name = {};
  std::string config = {};  // JSON, read by OAuth2Config
  GrantState state = GrantState::kPending;
  std::string state_reason = {};
  absl::Time state_changed_at = {};
  std::vector<std::string> scopes_requested = {}, scopes_granted = {};
  int64_t token_version = 0;   // 0 = no token yet
  int64_t proven_version = 0;  // the last that a third party took
  bool has_refresh_token = false, has_previous_token = false;
  std::optional<absl::Time> access_expires_at = {}, refresh_at = {}, refresh_idle_expires_at = {},
                            refresh_absolute_expires_at = {}, refreshed_at = {}, retry_at = {};
  int failures = 0;  // in a row
  std::optional<absl::Time> lease_until = {};
  int64_t fence = 0;
  std::string from_token = "{}";               // JSON: TokenValues
  std::optional<std::string> last_error = {};  // JSON
  absl::Time created_at = {}, updated_at = {};
  std::string connector_config = {};  // JSON: the connector's auth_config as it is now
  std::string provider = {};          // the connector's service_name
  SecretStorage client_storage = SecretStorage::kSealed;  // where the connector's secrets are
  absl::Time now = {};  // of the database, when this was read: all times here are its

  // The token is to be replaced, though it may still be good.
  bool due() const { return token_version == 0 || (refresh_at && *refresh_at <= now); }
  // The token is good for the while that a request takes.
  bool usable() const {
    return token_version > 0 && (!access_expires_at || *access_expires_at > now + absl::Seconds(5));
  }
  bool leased() const { return lease_until && *lease_until > now; }
  bool resting() const { return retry_at && *retry_at > now; }

  CredentialOwner owner() const { return {tenant, OwnerKind::kGrant, id.uuid()}; }
  CredentialOwner client() const { return {tenant, OwnerKind::kConnector, connector}; }
};

// Secrets of a grant and of an attempt, by field.
namespace secret_field {
inline constexpr char kAccessToken[] = "access_token";
inline constexpr char kRefreshToken[] = "refresh_token";
inline constexpr char kPreviousRefreshToken[] = "previous_refresh_token";
inline constexpr char kPkceVerifier[] = "pkce_verifier";
inline constexpr char kDeviceCode[] = "device_code";
inline constexpr char kClientSecret[] = "client_secret";
inline constexpr char kPrivateKey[] = "private_key";
}  // namespace secret_field

}  // namespace penstock::connector
