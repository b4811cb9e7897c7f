#include "services/interfaces/ops/sessions.h"

#include <optional>
#include <utility>
#include <vector>

#include "libs/crypto/hash.h"
#include "libs/crypto/random.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/sessions.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {
namespace {

using postgres::Connection;

constexpr absl::Duration kRetryWindow = absl::Seconds(30);
constexpr size_t kMaxRequestIdBytes = 64;
constexpr size_t kSaltBytes = 32;

absl::Status Invalid() {
  return WithReason(absl::UnauthenticatedError("the refresh token is not valid; sign in again"),
                    kInvalidRefreshToken);
}

absl::Status Reused() {
  return WithReason(absl::UnauthenticatedError(
                        "the refresh token had been used before; the session has been ended"),
                    kReusedRefreshToken);
}

// What came of a refresh. A refusal is a value and not an error, because what it has written (the
// end of the session) must be committed.
struct Outcome {
  absl::Status refusal = {};
  std::optional<RefreshToken> next = {};
  LockedSession session = {};
  std::vector<auth::Role> roles = {};
};

auth::CallContext As(const auth::CallContext& caller, const RefreshToken& token, UserId user) {
  auth::CallContext person = caller;
  person.tenant = token.tenant;
  person.user = user;
  return person;
}

class Refresh {
 public:
  Refresh(const auth::CallContext& caller, const RefreshToken& token, const std::string& request_id,
          absl::Time now)
      : caller_(caller), token_(token), request_id_(request_id), now_(now) {}

  absl::StatusOr<Outcome> Run(Connection& connection) const {
    ASSIGN_OR_RETURN(const std::optional<LockedSession> session,
                     storage::LockSession(connection, token_.tenant, token_.session));
    ASSIGN_OR_RETURN(const std::optional<StoredRefreshToken> stored,
                     storage::LoadRefreshToken(connection, token_));
    if (!session || !stored || session->revoked || !session->user_active ||
        now_ >= session->expires_at) {
      return Outcome{.refusal = Invalid()};
    }
    Outcome outcome{.session = *session};
    ASSIGN_OR_RETURN(outcome.roles, storage::ListRoles(connection, token_.tenant, session->user));
    if (outcome.roles.empty()) return Outcome{.refusal = Invalid()};
    if (!stored->used_at) {
      ASSIGN_OR_RETURN(outcome.next, Rotate(connection));
      return outcome;
    }
    ASSIGN_OR_RETURN(outcome.next, Repeat(connection, *stored));
    if (!outcome.next) {
      RETURN_IF_ERROR(EndFamily(connection, session->user));
      outcome.refusal = Reused();
    }
    return outcome;
  }

 private:
  std::string RequestHash() const { return request_id_.empty() ? "" : crypto::Sha256(request_id_); }

  absl::StatusOr<RefreshToken> Rotate(Connection& connection) const {
    const StoredRefreshToken use{.used_at = now_,
                                 .request_hash = RequestHash(),
                                 .successor_salt = crypto::RandomBytes(kSaltBytes)};
    RETURN_IF_ERROR(storage::UseRefreshToken(connection, token_, use));
    RefreshToken next = SuccessorOf(token_, use.successor_salt, request_id_);
    RETURN_IF_ERROR(storage::InsertRefreshToken(connection, next, now_));
    return next;
  }

  // The successor once more, if this is the same request again and nobody has used what it was
  // given.
  absl::StatusOr<std::optional<RefreshToken>> Repeat(Connection& connection,
                                                     const StoredRefreshToken& used) const {
    if (request_id_.empty() || used.request_hash != RequestHash() ||
        now_ > *used.used_at + kRetryWindow) {
      return std::nullopt;
    }
    RefreshToken next = SuccessorOf(token_, used.successor_salt, request_id_);
    ASSIGN_OR_RETURN(const std::optional<StoredRefreshToken> stored,
                     storage::LoadRefreshToken(connection, next));
    if (!stored || stored->used_at) return std::nullopt;
    return next;
  }

  absl::Status EndFamily(Connection& connection, UserId user) const {
    RETURN_IF_ERROR(
        storage::RevokeSession(connection, token_.tenant, token_.session, kReuse, now_).status());
    return storage::AppendAudit(connection, As(caller_, token_, user),
                                {.action = "auth.refresh_token_reused",
                                 .resource_type = "session",
                                 .resource_id = token_.session.ToString()});
  }

  const auth::CallContext& caller_;
  const RefreshToken& token_;
  const std::string& request_id_;
  const absl::Time now_;
};

}  // namespace

absl::StatusOr<SignedIn> RefreshSession(const SignInContext& context,
                                        const auth::CallContext& caller,
                                        const std::string& refresh_token,
                                        const std::string& request_id) {
  if (request_id.size() > kMaxRequestIdBytes) {
    return InvalidField("request_id", "must have up to 64 characters");
  }
  const std::optional<RefreshToken> token = ParseRefreshToken(refresh_token);
  if (!token) return Invalid();
  const Refresh refresh(caller, *token, request_id, context.identity.clock.Now());
  ASSIGN_OR_RETURN(const Outcome outcome,
                   postgres::RunInTransactionReturning<Outcome>(
                       context.identity.pool, {.tenant = token->tenant},
                       [&](Connection& connection) { return refresh.Run(connection); }));
  RETURN_IF_ERROR(outcome.refusal);
  return SignedIn{.access = context.issuer.Make(token->tenant, outcome.session.user,
                                                token->session.uuid(), outcome.roles),
                  .refresh_token = FormatRefreshToken(*outcome.next),
                  .session_expires_at = outcome.session.expires_at,
                  .tenant = token->tenant,
                  .user = outcome.session.user};
}

absl::Status EndSession(const IdentityContext& context, const auth::CallContext& caller,
                        const std::string& refresh_token) {
  const std::optional<RefreshToken> token = ParseRefreshToken(refresh_token);
  if (!token) return Invalid();
  return postgres::RunInTransaction(
      context.pool, {.tenant = token->tenant}, [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const std::optional<LockedSession> session,
                         storage::LockSession(connection, token->tenant, token->session));
        ASSIGN_OR_RETURN(const std::optional<StoredRefreshToken> stored,
                         storage::LoadRefreshToken(connection, *token));
        if (!session || !stored) return Invalid();
        ASSIGN_OR_RETURN(const bool ended,
                         storage::RevokeSession(connection, token->tenant, token->session, kLogout,
                                                context.clock.Now()));
        if (!ended) return absl::OkStatus();
        return storage::AppendAudit(connection, As(caller, *token, session->user),
                                    {.action = "auth.logout",
                                     .resource_type = "session",
                                     .resource_id = token->session.ToString()});
      });
}

}  // namespace penstock::interfaces
