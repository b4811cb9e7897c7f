// Sign-ins and their refresh tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/interfaces/domain/refresh_token.h"

namespace penstock::interfaces {

struct Session {
  SessionId id = {};
  TenantId tenant = {};
  UserId user = {};
  absl::Time created_at = {}, expires_at = {};
};

// A session as a refresh finds it.
struct LockedSession {
  UserId user = {};
  absl::Time expires_at = {};
  bool revoked = false;
  bool user_active = false;  // and the tenant
};

struct StoredRefreshToken {
  std::optional<absl::Time> used_at = {};
  std::string request_hash = {};    // of the refresh that used it; empty when it gave no id
  std::string successor_salt = {};  // empty while unused
};

// Why a session ended; the names are those of a CHECK constraint.
inline constexpr char kLogout[] = "logout";
inline constexpr char kReuse[] = "reuse";
inline constexpr char kPasswordChanged[] = "password_changed";
inline constexpr char kPasswordReset[] = "password_reset";
inline constexpr char kDisabled[] = "disabled";

namespace storage {

absl::Status InsertSession(postgres::Connection& connection, const Session& session);
// Until the end of the transaction nobody else refreshes or ends it. None when there is no such
// session.
absl::StatusOr<std::optional<LockedSession>> LockSession(postgres::Connection& connection,
                                                         TenantId tenant, SessionId session);
absl::Status InsertRefreshToken(postgres::Connection& connection, const RefreshToken& token,
                                absl::Time now);
absl::StatusOr<std::optional<StoredRefreshToken>> LoadRefreshToken(postgres::Connection& connection,
                                                                   const RefreshToken& token);
absl::Status UseRefreshToken(postgres::Connection& connection, const RefreshToken& token,
                             const StoredRefreshToken& use);
// True when it had not ended before.
absl::StatusOr<bool> RevokeSession(postgres::Connection& connection, TenantId tenant,
                                   SessionId session, std::string_view because, absl::Time now);
absl::Status RevokeSessionsOfUser(postgres::Connection& connection, TenantId tenant, UserId user,
                                  std::string_view because, absl::Time now);
// What has expired, and all but the `keep` newest.
absl::Status DeleteOldSessions(postgres::Connection& connection, TenantId tenant, UserId user,
                               absl::Time now, int keep);

}  // namespace storage
}  // namespace penstock::interfaces
