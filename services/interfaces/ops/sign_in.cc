#include "services/interfaces/ops/sign_in.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/domain/password_policy.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/sessions.h"
#include "services/interfaces/storage/tenants.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {
namespace {

using postgres::Connection;

constexpr size_t kMaxTenantBytes = 64;
constexpr size_t kMaxEmailBytes = 1280;
constexpr int kMaxSessionsOfUser = 100;

absl::Status BadCredentials() {
  return WithReason(absl::UnauthenticatedError("tenant, e-mail address or password is wrong"),
                    kBadCredentials);
}

absl::Status CheckAttempt(const SignInAttempt& attempt, const char* password_field) {
  std::vector<FieldViolation> wrong;
  auto check = [&wrong](const char* field, const std::string& text, size_t max_bytes) {
    // A zero byte can't even be asked for.
    if (text.empty() || text.size() > max_bytes || text.find('\0') != std::string::npos) {
      wrong.push_back({field, fmt::format("must have 1 to {} bytes", max_bytes)});
    }
  };
  check("tenant", attempt.tenant, kMaxTenantBytes);
  check("email", attempt.email, kMaxEmailBytes);
  check(password_field, attempt.password, kMaxPasswordBytes);
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

// Who is asked for. The tenant is nil and the credentials are none when there is nobody.
struct Account {
  TenantId tenant;
  std::string email_key;
  std::optional<Credentials> credentials;
};

absl::StatusOr<Account> FindAccount(postgres::Pool& pool, const SignInAttempt& attempt) {
  // In one transaction each, for an unknown tenant too, so that time does not tell.
  Account account;
  {
    ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool.Acquire());
    ASSIGN_OR_RETURN(const std::optional<TenantRow> tenant,
                     FindTenant(*connection, attempt.tenant));
    if (tenant) account.tenant = tenant->id;
  }
  ASSIGN_OR_RETURN(storage::FoundCredentials found,
                   postgres::RunInTransactionReturning<storage::FoundCredentials>(
                       pool, {.tenant = account.tenant}, [&](Connection& connection) {
                         return storage::FindCredentials(connection, account.tenant, attempt.email);
                       }));
  account.email_key = std::move(found.email_key);
  account.credentials = std::move(found.credentials);
  return account;
}

absl::Status TooManyAttempts(absl::Duration wait) {
  return WithRetryAfter(
      WithReason(absl::ResourceExhaustedError("too many failed attempts; try again later"),
                 kTooManyAttempts),
      wait);
}

// The account whose password this is.
absl::StatusOr<Account> Authenticate(const SignInContext& context, const auth::CallContext& caller,
                                     const SignInAttempt& attempt) {
  const IdentityContext& identity = context.identity;
  ASSIGN_OR_RETURN(Account account, FindAccount(identity.pool, attempt));
  const std::string key =
      fmt::format("{}\n{}", account.tenant.is_nil() ? attempt.tenant : account.tenant.ToString(),
                  account.email_key);
  const absl::Duration wait = context.throttle.Begin(key, attempt.peer, identity.clock.Now());
  if (wait > absl::ZeroDuration()) return TooManyAttempts(wait);
  const std::string hash = account.credentials ? account.credentials->password_hash : "";
  ASSIGN_OR_RETURN(const bool right, identity.hasher.Verify(attempt.password, hash,
                                                            HashDeadline(caller, identity.clock)));
  if (!right || !account.credentials->user_active) return BadCredentials();
  context.throttle.Succeed(key, attempt.peer);
  return account;
}

absl::Status CheckNotExpired(const Credentials& credentials, absl::Time now) {
  if (!credentials.must_change || now < *credentials.expires_at) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError("the temporary password has expired; ask for a new one"),
      kPasswordExpired);
}

// Starts a session in the transaction.
absl::StatusOr<SignedIn> StartSession(const SignInContext& context, Connection& connection,
                                      TenantId tenant, UserId user) {
  const absl::Time now = context.identity.clock.Now();
  const Session session{.id = SessionId::Make(now),
                        .tenant = tenant,
                        .user = user,
                        .created_at = now,
                        .expires_at = now + context.session_lifetime};
  ASSIGN_OR_RETURN(const std::vector<auth::Role> roles,
                   storage::ListRoles(connection, tenant, user));
  if (roles.empty()) return absl::InternalError("a user has no role");
  RETURN_IF_ERROR(
      storage::DeleteOldSessions(connection, tenant, user, now, kMaxSessionsOfUser - 1));
  RETURN_IF_ERROR(storage::InsertSession(connection, session));
  const RefreshToken token = MakeRefreshToken(tenant, session.id);
  RETURN_IF_ERROR(storage::InsertRefreshToken(connection, token, now));
  RETURN_IF_ERROR(storage::NoteLogin(connection, tenant, user, now));
  return SignedIn{.access = context.issuer.Make(tenant, user, session.id.uuid(), roles),
                  .refresh_token = FormatRefreshToken(token),
                  .session_expires_at = session.expires_at,
                  .tenant = tenant,
                  .user = user};
}

// The caller that somebody has become by showing a password.
auth::CallContext As(const auth::CallContext& caller, const Account& account) {
  auth::CallContext person = caller;
  person.tenant = account.tenant;
  person.user = account.credentials->user;
  return person;
}

// The password may have been changed, or the person disabled, while the old hash was being looked
// at.
absl::Status CheckStillSo(Connection& connection, const Account& account) {
  ASSIGN_OR_RETURN(
      const std::optional<std::string> hash,
      storage::LockPasswordHash(connection, account.tenant, account.credentials->user));
  return hash == account.credentials->password_hash ? absl::OkStatus() : BadCredentials();
}

}  // namespace

absl::StatusOr<SignedIn> SignIn(const SignInContext& context, const auth::CallContext& caller,
                                const SignInAttempt& attempt) {
  RETURN_IF_ERROR(CheckAttempt(attempt, "password"));
  ASSIGN_OR_RETURN(const Account account, Authenticate(context, caller, attempt));
  const Credentials& credentials = *account.credentials;
  RETURN_IF_ERROR(CheckNotExpired(credentials, context.identity.clock.Now()));
  if (credentials.must_change) {
    return WithReason(absl::FailedPreconditionError(
                          "the password is a temporary one: choose another with ChangePassword"),
                      kPasswordChangeRequired);
  }
  const auth::CallContext person = As(caller, account);
  return postgres::RunInTransactionReturning<SignedIn>(
      context.identity.pool, ScopeOf(person),
      [&](Connection& connection) -> absl::StatusOr<SignedIn> {
        RETURN_IF_ERROR(CheckStillSo(connection, account));
        ASSIGN_OR_RETURN(SignedIn signed_in,
                         StartSession(context, connection, account.tenant, credentials.user));
        RETURN_IF_ERROR(storage::AppendAudit(connection, person,
                                             {.action = "auth.login",
                                              .resource_type = "user",
                                              .resource_id = credentials.user.ToString()}));
        return signed_in;
      });
}

absl::StatusOr<SignedIn> ChangePassword(const SignInContext& context,
                                        const auth::CallContext& caller,
                                        const SignInAttempt& attempt,
                                        const std::string& new_password) {
  RETURN_IF_ERROR(CheckAttempt(attempt, "current_password"));
  RETURN_IF_ERROR(CheckPassword(new_password, attempt.email, "new_password"));
  if (new_password == attempt.password) {
    return InvalidField("new_password", "must not be the current one");
  }
  ASSIGN_OR_RETURN(const Account account, Authenticate(context, caller, attempt));
  const absl::Time now = context.identity.clock.Now();
  RETURN_IF_ERROR(CheckNotExpired(*account.credentials, now));
  ASSIGN_OR_RETURN(
      std::string hash,
      context.identity.hasher.Hash(new_password, HashDeadline(caller, context.identity.clock)));
  const Credentials chosen{.user = account.credentials->user, .password_hash = std::move(hash)};
  const auth::CallContext person = As(caller, account);
  return postgres::RunInTransactionReturning<SignedIn>(
      context.identity.pool, ScopeOf(person),
      [&](Connection& connection) -> absl::StatusOr<SignedIn> {
        RETURN_IF_ERROR(CheckStillSo(connection, account));
        RETURN_IF_ERROR(storage::PutCredentials(connection, account.tenant, chosen, now));
        RETURN_IF_ERROR(storage::RevokeSessionsOfUser(connection, account.tenant, chosen.user,
                                                      kPasswordChanged, now));
        ASSIGN_OR_RETURN(SignedIn signed_in,
                         StartSession(context, connection, account.tenant, chosen.user));
        RETURN_IF_ERROR(storage::AppendAudit(connection, person,
                                             {.action = "user.password_changed",
                                              .resource_type = "user",
                                              .resource_id = chosen.user.ToString()}));
        return signed_in;
      });
}

}  // namespace penstock::interfaces
