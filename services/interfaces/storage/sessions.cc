#include "services/interfaces/storage/sessions.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {

using postgres::Bytes;
using postgres::Connection;
using postgres::Params;
using postgres::Result;

absl::Status InsertSession(Connection& connection, const Session& session) {
  return connection
      .Execute(kInsertSession, Params()
                                   .Add(session.tenant)
                                   .Add(session.id)
                                   .Add(session.user)
                                   .Add(session.created_at)
                                   .Add(session.expires_at))
      .status();
}

absl::StatusOr<std::optional<LockedSession>> LockSession(Connection& connection, TenantId tenant,
                                                         SessionId session) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kLockSession, Params().Add(tenant).Add(session)));
  if (row.rows() == 0) return std::nullopt;
  return LockedSession{.user = row.Get<UserId>(0, 0),
                       .expires_at = row.Get<absl::Time>(0, 1),
                       .revoked = row.Get<bool>(0, 2),
                       .user_active = row.Get<bool>(0, 3)};
}

absl::Status InsertRefreshToken(Connection& connection, const RefreshToken& token, absl::Time now) {
  const std::string hash = HashOf(token);
  return connection
      .Execute(kInsertRefreshToken,
               Params().Add(token.tenant).Add(token.session).Add(Bytes{hash}).Add(now))
      .status();
}

absl::StatusOr<std::optional<StoredRefreshToken>> LoadRefreshToken(Connection& connection,
                                                                   const RefreshToken& token) {
  const std::string hash = HashOf(token);
  ASSIGN_OR_RETURN(
      const Result row,
      connection.Execute(kLoadRefreshToken,
                         Params().Add(token.tenant).Add(token.session).Add(Bytes{hash})));
  if (row.rows() == 0) return std::nullopt;
  return StoredRefreshToken{
      .used_at = row.Get<std::optional<absl::Time>>(0, 0),
      .request_hash = row.Get<std::optional<std::string>>(0, 1).value_or(""),
      .successor_salt = row.Get<std::optional<std::string>>(0, 2).value_or("")};
}

absl::Status UseRefreshToken(Connection& connection, const RefreshToken& token,
                             const StoredRefreshToken& use) {
  const std::string hash = HashOf(token);
  std::optional<Bytes> request_hash;
  if (!use.request_hash.empty()) request_hash = Bytes{use.request_hash};
  ASSIGN_OR_RETURN(const Result used,
                   connection.Execute(kUseRefreshToken, Params()
                                                            .Add(token.tenant)
                                                            .Add(token.session)
                                                            .Add(Bytes{hash})
                                                            .Add(use.used_at)
                                                            .Add(request_hash)
                                                            .Add(Bytes{use.successor_salt})));
  if (used.affected_rows() == 1) return absl::OkStatus();
  return absl::InternalError("a refresh token was used although its session was locked");
}

absl::StatusOr<bool> RevokeSession(Connection& connection, TenantId tenant, SessionId session,
                                   std::string_view because, absl::Time now) {
  ASSIGN_OR_RETURN(
      const Result revoked,
      connection.Execute(kRevokeSession, Params().Add(tenant).Add(session).Add(now).Add(because)));
  return revoked.affected_rows() > 0;
}

absl::Status RevokeSessionsOfUser(Connection& connection, TenantId tenant, UserId user,
                                  std::string_view because, absl::Time now) {
  return connection
      .Execute(kRevokeSessionsOfUser, Params().Add(tenant).Add(user).Add(now).Add(because))
      .status();
}

absl::Status DeleteOldSessions(Connection& connection, TenantId tenant, UserId user, absl::Time now,
                               int keep) {
  return connection
      .Execute(kDeleteOldSessions, Params().Add(tenant).Add(user).Add(now).Add(int64_t{keep}))
      .status();
}

}  // namespace penstock::interfaces::storage
