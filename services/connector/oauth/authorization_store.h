// Rows of connector.oauth_attempts: authorizations under way. Of what a browser shows only hashes
// are kept.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"
#include "services/connector/oauth/grant.h"

namespace penstock::connector {

using AuthorizationId = TypedId<struct AuthorizationTag>;

struct Authorization {
  AuthorizationId id = {};
  TenantId tenant = {};
  GrantId grant = {};
  std::string config = {};    // JSON: the connector's auth_config when it began
  std::string provider = {};  // names the redirect URI
  std::string redirect_uri = {};
  std::string expected_issuer = {};  // empty = any
  std::string return_to = {};        // id of a registered address; empty = none
  std::vector<std::string> scopes = {};
  UserId created_by = {};  // nil = no user
  absl::Time expires_at = {};
  bool consumed = false;
  int interval_seconds = 0;  // of a device
  absl::Time now = {};       // of the database

  CredentialOwner owner() const { return {tenant, OwnerKind::kAttempt, id.uuid()}; }
};

namespace storage {

enum class AuthorizationKind { kCode, kDevice };

// `ticket_hash` is empty for a device. When it expires, by the database.
absl::StatusOr<absl::Time> InsertAuthorization(postgres::Connection& connection,
                                               const Authorization& authorization,
                                               AuthorizationKind kind,
                                               const std::string& ticket_hash,
                                               absl::Duration lifetime);

using FoundAuthorization = std::pair<TenantId, AuthorizationId>;
// Over all tenants, in one statement each: of two that come with the same secret, one has it.
// Nothing when it is unknown, used or expired.
absl::StatusOr<std::optional<FoundAuthorization>> OpenAuthorization(
    postgres::Connection& connection, const std::string& ticket_hash, const std::string& state_hash,
    const std::string& browser_hash);
absl::StatusOr<std::optional<FoundAuthorization>> ConsumeAuthorization(
    postgres::Connection& connection, const std::string& state_hash,
    const std::string& browser_hash, const std::string& provider);

// NOT_FOUND when it is gone.
absl::StatusOr<Authorization> LoadAuthorization(postgres::Connection& connection, TenantId tenant,
                                                AuthorizationId id);
// `outcome` is a word: "authorized", "access_denied", "invalid_client".
absl::Status EndAuthorization(postgres::Connection& connection, TenantId tenant, AuthorizationId id,
                              std::string_view outcome);
// Of the grant's latest: its outcome, or "waiting", "exchanging", "expired"; nothing when there was
// none.
absl::StatusOr<std::optional<std::string>> FindAuthorizationOutcome(
    postgres::Connection& connection, TenantId tenant, GrantId grant);

// Devices whose turn it is to be asked about. They are nobody else's for as long as a request
// takes.
absl::StatusOr<std::vector<FoundAuthorization>> TakeDevicePolls(postgres::Connection& connection,
                                                                int limit);
absl::Status DelayPoll(postgres::Connection& connection, TenantId tenant, AuthorizationId id,
                       int interval_seconds, absl::Duration delay);

// What is long over, of all tenants. How many rows.
absl::StatusOr<int64_t> DropOldAttempts(postgres::Connection& connection, int limit);

}  // namespace storage
}  // namespace penstock::connector
