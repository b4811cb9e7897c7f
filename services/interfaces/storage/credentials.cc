#include "services/interfaces/storage/credentials.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

absl::StatusOr<FoundCredentials> FindCredentials(Connection& connection, TenantId tenant,
                                                 const std::string& email) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kFindCredentials, Params().Add(tenant).Add(email)));
  FoundCredentials found;
  found.email_key = row.Get<std::string>(0, 0);
  if (row.is_null(0, 3)) return found;
  found.credentials = {.user = row.Get<UserId>(0, 1),
                       .user_active = row.Get<std::string_view>(0, 2) == "active",
                       .password_hash = row.Get<std::string>(0, 3),
                       .must_change = row.Get<bool>(0, 4),
                       .expires_at = row.Get<std::optional<absl::Time>>(0, 5)};
  return found;
}

absl::StatusOr<std::optional<std::string>> LockPasswordHash(Connection& connection, TenantId tenant,
                                                            UserId user) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kLockCredentials, Params().Add(tenant).Add(user)));
  if (row.rows() == 0) return std::nullopt;
  return row.Get<std::string>(0, 0);
}

absl::Status PutCredentials(Connection& connection, TenantId tenant, const Credentials& credentials,
                            absl::Time now) {
  return connection
      .Execute(kPutCredentials, Params()
                                    .Add(tenant)
                                    .Add(credentials.user)
                                    .Add(credentials.password_hash)
                                    .Add(credentials.must_change)
                                    .Add(credentials.expires_at)
                                    .Add(now))
      .status();
}

}  // namespace penstock::interfaces::storage
