// Rows of connector.oauth_grants. Whoever changes tokens or state proves the fence of its lease.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/postgres/connection.h"
#include "services/connector/oauth/grant.h"

namespace penstock::connector::storage {

enum class GrantLock { kNone, kForChange };

// NOT_FOUND when the tenant has no such grant.
absl::StatusOr<Grant> LoadGrant(postgres::Connection& connection, TenantId tenant, GrantId id,
                                GrantLock lock);

struct GrantFilter {
  std::optional<ProjectId> project = {};  // its own and the whole tenant's
  std::optional<Uuid> connector = {};
  std::optional<GrantState> state = {};
};
absl::StatusOr<std::vector<Grant>> ListGrants(postgres::Connection& connection, TenantId tenant,
                                              const GrantFilter& filter,
                                              std::optional<GrantId> before, int limit);
absl::StatusOr<int64_t> CountGrants(postgres::Connection& connection, TenantId tenant,
                                    const GrantFilter& filter);

// Uses id, tenant, connector, display_name, config and scopes_requested.
absl::Status InsertGrant(postgres::Connection& connection, const Grant& grant, UserId created_by);
// The connector gets its tokens from the grant, unless it has one already.
absl::Status UseGrant(postgres::Connection& connection, TenantId tenant, Uuid connector,
                      GrantId id);
absl::Status DeleteGrant(postgres::Connection& connection, TenantId tenant, GrantId id);
// Connectors that get their tokens from it.
absl::StatusOr<std::vector<Uuid>> ListGrantUsers(postgres::Connection& connection, TenantId tenant,
                                                 GrantId id);

struct GrantChange {
  std::string from, to, reason;
  absl::Time at;
};
// Newest first, twenty.
absl::StatusOr<std::vector<GrantChange>> ListGrantChanges(postgres::Connection& connection,
                                                          TenantId tenant, GrantId id);

// The fence, or nothing when somebody else has the lease or the tokens have changed since `seen`.
absl::StatusOr<std::optional<int64_t>> TakeLease(postgres::Connection& connection,
                                                 const Grant& seen, const std::string& owner,
                                                 absl::Duration lease);
absl::Status ReleaseLease(postgres::Connection& connection, TenantId tenant, GrantId id,
                          int64_t fence);

struct TokenRow {
  GrantState state = GrantState::kActive;
  std::string state_reason = {};
  std::vector<std::string> scopes_granted = {};
  bool has_refresh_token = false, has_previous_token = false;
  std::optional<absl::Time> access_expires_at = {}, refresh_at = {}, refresh_idle_expires_at = {},
                            refresh_absolute_expires_at = {};
  std::string from_token = "{}";  // added to what is there
};
enum class Fence { kKeep, kRaise };  // kRaise: whoever holds a lease is to find it lost
// The new version, or nothing when `seen` is not how the row is any more. Ends the lease.
absl::StatusOr<std::optional<int64_t>> WriteTokens(postgres::Connection& connection,
                                                   const Grant& seen, Fence fence,
                                                   const TokenRow& row);

struct FailureRow {
  GrantState state = GrantState::kDegraded;
  std::string state_reason = {};
  std::string last_error = {};  // JSON
  absl::Duration rest = {};     // before the next attempt
  bool keep_lease = false;      // until it ends by itself
};
// False when the fence is not how the row is any more.
absl::StatusOr<bool> WriteFailure(postgres::Connection& connection, TenantId tenant, GrantId id,
                                  int64_t fence, const FailureRow& row);

// Whatever holds a lease finds it lost.
absl::Status WriteRevoked(postgres::Connection& connection, TenantId tenant, GrantId id,
                          GrantState state);

absl::Status WriteConfig(postgres::Connection& connection, TenantId tenant, GrantId id,
                         const std::string& config);
// JSON. Says nothing of the state.
absl::Status WriteLastError(postgres::Connection& connection, TenantId tenant, GrantId id,
                            const std::string& last_error);

// True when this call was the one that made a new token due. Tokens younger than `patience` are not
// doubted.
absl::StatusOr<bool> RejectToken(postgres::Connection& connection, TenantId tenant, GrantId id,
                                 int64_t version, absl::Duration patience);
absl::Status AskForRefresh(postgres::Connection& connection, TenantId tenant, GrantId id,
                           int64_t version);
// True when it was not proven yet.
absl::StatusOr<bool> ProveToken(postgres::Connection& connection, TenantId tenant, GrantId id,
                                int64_t version);

// Over all tenants: ids and nothing else.
absl::StatusOr<std::vector<std::pair<TenantId, GrantId>>> DueGrants(
    postgres::Connection& connection, int limit);

}  // namespace penstock::connector::storage
