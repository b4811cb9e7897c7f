#include "services/interfaces/storage/api_keys.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

ApiKey ReadRow(const Result& rows, int r) {
  return {.id = rows.Get<ApiKeyId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .name = rows.Get<std::string>(r, 2),
          .prefix = rows.Get<std::string>(r, 3),
          // A CHECK constraint lists the same names.
          .role = auth::ParseRole(rows.Get<std::string_view>(r, 4)).value(),
          .project = rows.Get<std::optional<ProjectId>>(r, 5),
          .user = rows.Get<std::optional<UserId>>(r, 6),
          .expires_at = rows.Get<std::optional<absl::Time>>(r, 7),
          .revoked_at = rows.Get<std::optional<absl::Time>>(r, 8),
          .last_used_at = rows.Get<std::optional<absl::Time>>(r, 9),
          .created_at = rows.Get<absl::Time>(r, 10),
          .replaced_by = rows.Get<std::optional<ApiKeyId>>(r, 11)};
}

absl::StatusOr<ApiKey> OneRow(const absl::StatusOr<Result>& rows, ApiKeyId id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) return absl::NotFoundError(fmt::format("no API key {}", id.ToString()));
  return ReadRow(*rows, 0);
}

}  // namespace

absl::StatusOr<ApiKey> InsertApiKey(Connection& connection, const ApiKey& key,
                                    const std::string& hash) {
  return OneRow(connection.Execute(kInsertKey, Params()
                                                   .Add(key.tenant)
                                                   .Add(key.id)
                                                   .Add(key.name)
                                                   .Add(key.prefix)
                                                   .Add(postgres::Bytes{hash})
                                                   .Add(auth::RoleName(key.role))
                                                   .Add(key.project)
                                                   .Add(key.user)
                                                   .Add(key.expires_at)),
                key.id);
}

absl::StatusOr<ApiKey> LoadApiKey(Connection& connection, TenantId tenant, ApiKeyId id, Lock lock) {
  return OneRow(
      connection.Execute(lock == Lock::kNone ? kLoadKey : kLockKey, Params().Add(tenant).Add(id)),
      id);
}

absl::StatusOr<std::vector<ApiKey>> ListApiKeys(Connection& connection, TenantId tenant,
                                                const ApiKeyFilter& filter,
                                                std::optional<ApiKeyId> before, int limit) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListKeys, Params()
                                                                        .Add(tenant)
                                                                        .Add(filter.project)
                                                                        .Add(filter.show_ended)
                                                                        .Add(before)
                                                                        .Add(int64_t{limit})));
  std::vector<ApiKey> keys;
  for (int r = 0; r < rows.rows(); ++r) keys.push_back(ReadRow(rows, r));
  return keys;
}

absl::StatusOr<int64_t> CountApiKeys(Connection& connection, TenantId tenant,
                                     const ApiKeyFilter& filter) {
  ASSIGN_OR_RETURN(
      const Result row,
      connection.Execute(kCountKeys,
                         Params().Add(tenant).Add(filter.project).Add(filter.show_ended)));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<ApiKey> EndApiKey(Connection& connection, const ApiKey& key) {
  return OneRow(connection.Execute(kEndKey, Params()
                                                .Add(key.tenant)
                                                .Add(key.id)
                                                .Add(key.revoked_at)
                                                .Add(key.expires_at)
                                                .Add(key.replaced_by)),
                key.id);
}

absl::StatusOr<int64_t> RevokeApiKeysOfUser(Connection& connection, TenantId tenant, UserId user,
                                            std::optional<auth::Role> above, absl::Time now) {
  std::optional<std::string_view> role;
  if (above) role = auth::RoleName(*above);
  ASSIGN_OR_RETURN(
      const Result revoked,
      connection.Execute(kRevokeKeysOfUser, Params().Add(tenant).Add(user).Add(now).Add(role)));
  return revoked.affected_rows();
}

}  // namespace penstock::interfaces::storage
