#include "services/connector/oauth/grant_store.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/oauth_queries.h"

namespace penstock::connector::storage {
namespace {

using namespace oauth_queries;
using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;
using OptionalTime = std::optional<absl::Time>;

postgres::Array<std::string_view> TextArray(const std::vector<std::string>& texts) {
  postgres::Array<std::string_view> array;
  for (const std::string& text : texts) array.Append(std::string_view(text));
  return array;
}

std::string StateText(GrantState state) { return std::string(GrantStateName(state)); }

Grant ReadRow(const Result& rows, int r) {
  Grant grant;
  int c = 0;
  grant.id = rows.Get<GrantId>(r, c++);
  grant.tenant = rows.Get<TenantId>(r, c++);
  grant.connector = rows.Get<Uuid>(r, c++);
  grant.project = rows.Get<std::optional<ProjectId>>(r, c++);
  grant.display_name = rows.Get<std::string>(r, c++);
  grant.config = rows.Get<std::string>(r, c++);
  grant.state = ParseGrantState(rows.Get<std::string>(r, c++)).value();
  grant.state_reason = rows.Get<std::string>(r, c++);
  grant.state_changed_at = rows.Get<absl::Time>(r, c++);
  grant.scopes_requested = rows.Get<std::vector<std::string>>(r, c++);
  grant.scopes_granted = rows.Get<std::vector<std::string>>(r, c++);
  grant.token_version = rows.Get<int64_t>(r, c++);
  grant.proven_version = rows.Get<int64_t>(r, c++);
  grant.has_refresh_token = rows.Get<bool>(r, c++);
  grant.has_previous_token = rows.Get<bool>(r, c++);
  grant.access_expires_at = rows.Get<OptionalTime>(r, c++);
  grant.refresh_at = rows.Get<OptionalTime>(r, c++);
  grant.refresh_idle_expires_at = rows.Get<OptionalTime>(r, c++);
  grant.refresh_absolute_expires_at = rows.Get<OptionalTime>(r, c++);
  grant.refreshed_at = rows.Get<OptionalTime>(r, c++);
  grant.retry_at = rows.Get<OptionalTime>(r, c++);
  grant.failures = rows.Get<int32_t>(r, c++);
  grant.lease_until = rows.Get<OptionalTime>(r, c++);
  grant.fence = rows.Get<int64_t>(r, c++);
  grant.from_token = rows.Get<std::string>(r, c++);
  grant.last_error = rows.Get<std::optional<std::string>>(r, c++);
  grant.created_at = rows.Get<absl::Time>(r, c++);
  grant.updated_at = rows.Get<absl::Time>(r, c++);
  grant.provider = rows.Get<std::string>(r, c++);
  grant.client_storage = rows.Get<std::string>(r, c++) == SecretStorageName(SecretStorage::kVault)
                             ? SecretStorage::kVault
                             : SecretStorage::kSealed;
  grant.connector_config = rows.Get<std::string>(r, c++);
  grant.now = rows.Get<absl::Time>(r, c++);
  return grant;
}

std::string StateFilter(const GrantFilter& filter) {
  return filter.state ? StateText(*filter.state) : "";
}

}  // namespace

absl::StatusOr<Grant> LoadGrant(Connection& connection, TenantId tenant, GrantId id,
                                GrantLock lock) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(lock == GrantLock::kNone ? kLoadGrant : kLockGrant,
                                      Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return absl::NotFoundError(fmt::format("no grant {}", id.ToString()));
  return ReadRow(rows, 0);
}

absl::StatusOr<std::vector<Grant>> ListGrants(Connection& connection, TenantId tenant,
                                              const GrantFilter& filter,
                                              std::optional<GrantId> before, int limit) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListGrants, Params()
                                                                          .Add(tenant)
                                                                          .Add(before)
                                                                          .Add(filter.project)
                                                                          .Add(filter.connector)
                                                                          .Add(StateFilter(filter))
                                                                          .Add(int64_t{limit})));
  std::vector<Grant> grants;
  for (int r = 0; r < rows.rows(); ++r) grants.push_back(ReadRow(rows, r));
  return grants;
}

absl::StatusOr<int64_t> CountGrants(Connection& connection, TenantId tenant,
                                    const GrantFilter& filter) {
  ASSIGN_OR_RETURN(
      const Result row,
      connection.Execute(
          kCountGrants,
          Params().Add(tenant).Add(filter.project).Add(filter.connector).Add(StateFilter(filter))));
  return row.Get<int64_t>(0, 0);
}

absl::Status InsertGrant(Connection& connection, const Grant& grant, UserId created_by) {
  std::optional<UserId> user;
  if (!created_by.is_nil()) user = created_by;
  return connection
      .Execute(kInsertGrant, Params()
                                 .Add(grant.tenant)
                                 .Add(grant.id)
                                 .Add(grant.connector)
                                 .Add(grant.display_name)
                                 .Add(Jsonb{grant.config})
                                 .Add(TextArray(grant.scopes_requested))
                                 .Add(user))
      .status();
}

absl::Status UseGrant(Connection& connection, TenantId tenant, Uuid connector, GrantId id) {
  return connection.Execute(kUseGrant, Params().Add(tenant).Add(connector).Add(id)).status();
}

absl::Status DeleteGrant(Connection& connection, TenantId tenant, GrantId id) {
  return connection.Execute(kDeleteGrant, Params().Add(tenant).Add(id)).status();
}

absl::StatusOr<std::vector<Uuid>> ListGrantUsers(Connection& connection, TenantId tenant,
                                                 GrantId id) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kListGrantUsers, Params().Add(tenant).Add(id)));
  std::vector<Uuid> connectors;
  for (int r = 0; r < rows.rows(); ++r) connectors.push_back(rows.Get<Uuid>(r, 0));
  return connectors;
}

absl::StatusOr<std::vector<GrantChange>> ListGrantChanges(Connection& connection, TenantId tenant,
                                                          GrantId id) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kListGrantChanges, Params().Add(tenant).Add(id)));
  std::vector<GrantChange> changes;
  for (int r = 0; r < rows.rows(); ++r) {
    changes.push_back({rows.Get<std::string>(r, 0), rows.Get<std::string>(r, 1),
                       rows.Get<std::string>(r, 2), rows.Get<absl::Time>(r, 3)});
  }
  return changes;
}

absl::StatusOr<std::optional<int64_t>> TakeLease(Connection& connection, const Grant& seen,
                                                 const std::string& owner, absl::Duration lease) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kTakeLease, Params()
                                                      .Add(seen.tenant)
                                                      .Add(seen.id)
                                                      .Add(owner)
                                                      .Add(absl::ToDoubleSeconds(lease))
                                                      .Add(seen.token_version)));
  if (rows.rows() == 0) return std::optional<int64_t>();
  return std::optional<int64_t>(rows.Get<int64_t>(0, 0));
}

absl::Status ReleaseLease(Connection& connection, TenantId tenant, GrantId id, int64_t fence) {
  return connection.Execute(kReleaseLease, Params().Add(tenant).Add(id).Add(fence)).status();
}

absl::StatusOr<std::optional<int64_t>> WriteTokens(Connection& connection, const Grant& seen,
                                                   Fence fence, const TokenRow& row) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kWriteTokens, Params()
                                                        .Add(seen.tenant)
                                                        .Add(seen.id)
                                                        .Add(seen.fence)
                                                        .Add(seen.token_version)
                                                        .Add(int64_t{fence == Fence::kRaise})
                                                        .Add(StateText(row.state))
                                                        .Add(row.state_reason)
                                                        .Add(TextArray(row.scopes_granted))
                                                        .Add(row.has_refresh_token)
                                                        .Add(row.has_previous_token)
                                                        .Add(row.access_expires_at)
                                                        .Add(row.refresh_at)
                                                        .Add(row.refresh_idle_expires_at)
                                                        .Add(row.refresh_absolute_expires_at)
                                                        .Add(Jsonb{row.from_token})));
  if (rows.rows() == 0) return std::optional<int64_t>();
  return std::optional<int64_t>(rows.Get<int64_t>(0, 0));
}

absl::StatusOr<bool> WriteFailure(Connection& connection, TenantId tenant, GrantId id,
                                  int64_t fence, const FailureRow& row) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kWriteFailure, Params()
                                                         .Add(tenant)
                                                         .Add(id)
                                                         .Add(fence)
                                                         .Add(StateText(row.state))
                                                         .Add(row.state_reason)
                                                         .Add(Jsonb{row.last_error})
                                                         .Add(absl::ToDoubleSeconds(row.rest))
                                                         .Add(row.keep_lease)));
  return rows.rows() > 0;
}

absl::Status WriteRevoked(Connection& connection, TenantId tenant, GrantId id, GrantState state) {
  return connection.Execute(kWriteRevoked, Params().Add(tenant).Add(id).Add(StateText(state)))
      .status();
}

absl::Status WriteConfig(Connection& connection, TenantId tenant, GrantId id,
                         const std::string& config) {
  return connection.Execute(kWriteConfig, Params().Add(tenant).Add(id).Add(Jsonb{config})).status();
}

absl::Status WriteLastError(Connection& connection, TenantId tenant, GrantId id,
                            const std::string& last_error) {
  return connection.Execute(kWriteLastError, Params().Add(tenant).Add(id).Add(Jsonb{last_error}))
      .status();
}

absl::StatusOr<bool> RejectToken(Connection& connection, TenantId tenant, GrantId id,
                                 int64_t version, absl::Duration patience) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kRejectToken, Params().Add(tenant).Add(id).Add(version).Add(
                                                        absl::ToDoubleSeconds(patience))));
  return rows.affected_rows() > 0;
}

absl::Status AskForRefresh(Connection& connection, TenantId tenant, GrantId id, int64_t version) {
  return connection.Execute(kAskForRefresh, Params().Add(tenant).Add(id).Add(version)).status();
}

absl::StatusOr<bool> ProveToken(Connection& connection, TenantId tenant, GrantId id,
                                int64_t version) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kProveToken, Params().Add(tenant).Add(id).Add(version)));
  return rows.affected_rows() > 0;
}

absl::StatusOr<std::vector<std::pair<TenantId, GrantId>>> DueGrants(Connection& connection,
                                                                    int limit) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kDueGrants, Params().Add(int32_t{limit})));
  std::vector<std::pair<TenantId, GrantId>> due;
  for (int r = 0; r < rows.rows(); ++r)
    due.emplace_back(rows.Get<TenantId>(r, 0), rows.Get<GrantId>(r, 1));
  return due;
}

}  // namespace penstock::connector::storage
