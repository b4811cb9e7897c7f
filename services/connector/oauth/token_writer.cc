#include "services/connector/oauth/token_writer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "services/connector/oauth/grant_config.h"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::RunInTransactionReturning;
using postgres::Scope;
using storage::AttemptState;
using storage::GrantLock;

CredentialOwner OwnerOf(TenantId tenant, storage::AttemptId attempt) {
  return {tenant, OwnerKind::kAttempt, attempt.uuid()};
}

std::map<std::string, crypto::Secret> SecretsOf(const TokenAnswer& answer) {
  std::map<std::string, crypto::Secret> values;
  values[secret_field::kAccessToken] = crypto::Secret(answer.access_token.Reveal());
  if (!answer.refresh_token.empty())
    values[secret_field::kRefreshToken] = crypto::Secret(answer.refresh_token.Reveal());
  return values;
}

std::string ReasonOfScopes(const std::vector<std::string>& requested,
                           const std::vector<std::string>& granted) {
  for (const std::string& scope : requested) {
    if (std::find(granted.begin(), granted.end(), scope) == granted.end())
      return "connected_with_reduced_scope";
  }
  return "";
}

}  // namespace

std::string DescribeFailure(const TokenFailure& failure, FailureClass concluded, absl::Time at,
                            const std::string& attempt_id) {
  nlohmann::json json = {{"class", FailureClassName(concluded)},
                         {"message", failure.message},
                         {"http_status", failure.http_status},
                         {"at", absl::FormatTime(absl::RFC3339_sec, at, absl::UTCTimeZone())}};
  if (!failure.provider_code.empty()) json["provider_code"] = failure.provider_code;
  if (!attempt_id.empty()) json["attempt_id"] = attempt_id;
  return json.dump();
}

absl::Status TokenWriter::DropCandidates(Connection& connection, const Grant& grant,
                                         int64_t before_version) {
  ASSIGN_OR_RETURN(const auto gone, storage::SupersedeCandidates(connection, grant.tenant, grant.id,
                                                                 before_version));
  for (const storage::AttemptId& id : gone)
    RETURN_IF_ERROR(credentials_.RemoveAll(connection, OwnerOf(grant.tenant, id)));
  return absl::OkStatus();
}

absl::StatusOr<bool> TokenWriter::Replace(Connection& connection, const Grant& grant,
                                          GrantState next, const TokenAnswer& answer,
                                          const crypto::Secret& used, bool authorized,
                                          absl::Time sent_at, double jitter) {
  ASSIGN_OR_RETURN(const OAuth2Config config, ReadConfig(grant));
  const bool replaced = !answer.refresh_token.empty();
  // A new consent without a refresh token leaves none: the one before belongs to another.
  const bool has_refresh = replaced || (grant.has_refresh_token && !authorized);
  const bool keeps_previous =
      !authorized && replaced && !used.empty() && used.Reveal() != answer.refresh_token.Reveal();
  const TokenTimes times =
      TimesOf(config, grant, answer, authorized ? Obtained::kByAuthorization : Obtained::kByRefresh,
              sent_at, jitter);
  storage::TokenRow row{
      .state = next,
      .scopes_granted = answer.scopes.value_or(
          authorized || grant.token_version == 0 ? grant.scopes_requested : grant.scopes_granted),
      .has_refresh_token = has_refresh,
      .has_previous_token = keeps_previous,
      .access_expires_at = times.access_expires_at,
      .refresh_at = times.refresh_at,
      .refresh_idle_expires_at = times.refresh_idle_expires_at,
      .refresh_absolute_expires_at = times.refresh_absolute_expires_at,
      .from_token = nlohmann::json(answer.values)
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
  row.state_reason = ReasonOfScopes(grant.scopes_requested, row.scopes_granted);
  ASSIGN_OR_RETURN(
      const auto version,
      storage::WriteTokens(connection, grant,
                           authorized ? storage::Fence::kRaise : storage::Fence::kKeep, row));
  if (!version) return false;
  const CredentialOwner owner = grant.owner();
  std::map<std::string, crypto::Secret> values = SecretsOf(answer);
  if (keeps_previous) values[secret_field::kPreviousRefreshToken] = crypto::Secret(used.Reveal());
  std::vector<std::string> gone;
  if (!has_refresh) gone.push_back(secret_field::kRefreshToken);
  if (!keeps_previous) gone.push_back(secret_field::kPreviousRefreshToken);
  RETURN_IF_ERROR(credentials_.Put(connection, owner, std::move(values)));
  if (!gone.empty()) RETURN_IF_ERROR(credentials_.Remove(connection, owner, gone));
  return true;
}

absl::Status TokenWriter::KeepAside(Connection& connection, const Received& received) {
  const CredentialOwner owner = OwnerOf(received.attempt.tenant, received.attempt.id);
  RETURN_IF_ERROR(credentials_.Put(connection, owner, SecretsOf(received.answer)));
  return storage::EndAttempt(connection, received.attempt.tenant, received.attempt.id,
                             AttemptState::kCandidate, "", DescribeAnswer(received.answer));
}

absl::StatusOr<TokenWriter::Written> TokenWriter::StoreIn(Connection& connection,
                                                          const Received& received, double jitter) {
  const storage::AttemptStart& attempt = received.attempt;
  absl::StatusOr<Grant> grant =
      storage::LoadGrant(connection, attempt.tenant, attempt.grant, GrantLock::kForChange);
  if (absl::IsNotFound(grant.status())) return Written::kObsolete;
  RETURN_IF_ERROR(grant.status());
  ASSIGN_OR_RETURN(const auto state,
                   storage::FindAttemptState(connection, attempt.tenant, attempt.id));
  // Only an attempt without an outcome can have one.
  if (state != AttemptState::kSent && state != AttemptState::kUnknown) return Written::kObsolete;
  const std::optional<GrantState> next = Apply(grant->state, GrantEvent::kRefreshed);
  const bool ours = grant->fence == attempt.fence && grant->token_version == attempt.token_version;
  if (next && ours) {
    ASSIGN_OR_RETURN(const bool stored, Replace(connection, *grant, *next, received.answer,
                                                received.used, false, received.sent_at, jitter));
    if (!stored) return absl::InternalError("a locked grant changed");
    RETURN_IF_ERROR(
        storage::EndAttempt(connection, attempt.tenant, attempt.id, AttemptState::kSucceeded, ""));
    // Those of the version before stay until these tokens are proven: they may be the better ones.
    RETURN_IF_ERROR(DropCandidates(connection, *grant, attempt.token_version));
    return Written::kStored;
  }
  const bool may_serve = attempt.token_version == grant->token_version ||
                         (attempt.token_version + 1 == grant->token_version &&
                          grant->proven_version < grant->token_version);
  if (next && may_serve) {
    RETURN_IF_ERROR(KeepAside(connection, received));
    return Written::kCandidate;
  }
  RETURN_IF_ERROR(
      storage::EndAttempt(connection, attempt.tenant, attempt.id, AttemptState::kSuperseded, ""));
  return Written::kObsolete;
}

absl::StatusOr<TokenWriter::Written> TokenWriter::Store(const Received& received, double jitter) {
  RETURN_IF_ERROR(credentials_.Prepare(received.attempt.tenant));
  return RunInTransactionReturning<Written>(
      pool_, Scope{.tenant = received.attempt.tenant},
      [&](Connection& connection) { return StoreIn(connection, received, jitter); });
}

absl::StatusOr<bool> TokenWriter::Promote(const Grant& held, const storage::OpenAttempt& candidate,
                                          const Credentials& tokens, double jitter) {
  ASSIGN_OR_RETURN(TokenAnswer answer, AnswerFrom(candidate.answer.value_or("")));
  ASSIGN_OR_RETURN(const std::string_view access, tokens.Get(secret_field::kAccessToken));
  answer.access_token = crypto::Secret(access);
  if (const crypto::Secret* refresh = tokens.Find(secret_field::kRefreshToken))
    answer.refresh_token = crypto::Secret(refresh->Reveal());
  RETURN_IF_ERROR(credentials_.Prepare(held.tenant));
  return RunInTransactionReturning<bool>(
      pool_, Scope{.tenant = held.tenant}, [&](Connection& connection) -> absl::StatusOr<bool> {
        ASSIGN_OR_RETURN(const Grant grant, storage::LoadGrant(connection, held.tenant, held.id,
                                                               GrantLock::kForChange));
        ASSIGN_OR_RETURN(const auto state,
                         storage::FindAttemptState(connection, held.tenant, candidate.id));
        const std::optional<GrantState> next = Apply(grant.state, GrantEvent::kRefreshed);
        if (!next || grant.fence != held.fence || grant.token_version != held.token_version ||
            state != AttemptState::kCandidate)
          return false;
        ASSIGN_OR_RETURN(const bool stored,
                         Replace(connection, grant, *next, answer, crypto::Secret(), false,
                                 candidate.started_at, jitter));
        if (!stored) return false;
        RETURN_IF_ERROR(storage::EndAttempt(connection, held.tenant, candidate.id,
                                            AttemptState::kSucceeded, ""));
        RETURN_IF_ERROR(credentials_.RemoveAll(connection, OwnerOf(held.tenant, candidate.id)));
        RETURN_IF_ERROR(DropCandidates(connection, grant, grant.token_version));
        return true;
      });
}

absl::StatusOr<Grant> TokenWriter::StoreAuthorized(const Authorized& authorized, double jitter) {
  RETURN_IF_ERROR(credentials_.Prepare(authorized.tenant));
  return RunInTransactionReturning<Grant>(
      pool_, Scope{.tenant = authorized.tenant},
      [&](Connection& connection) -> absl::StatusOr<Grant> {
        ASSIGN_OR_RETURN(Grant grant, storage::LoadGrant(connection, authorized.tenant,
                                                         authorized.grant, GrantLock::kForChange));
        const std::optional<GrantState> next = Apply(grant.state, GrantEvent::kAuthorized);
        if (!next) return absl::InternalError("a grant that can't be authorized");
        if (!authorized.config.empty()) {
          RETURN_IF_ERROR(
              storage::WriteConfig(connection, grant.tenant, grant.id, authorized.config));
          grant.config = authorized.config;
        }
        // What was kept of the consent before is of no use to this one.
        grant.has_refresh_token = false;
        ASSIGN_OR_RETURN(const bool stored,
                         Replace(connection, grant, *next, authorized.answer, crypto::Secret(),
                                 true, authorized.sent_at, jitter));
        if (!stored) return absl::InternalError("a locked grant changed");
        RETURN_IF_ERROR(DropCandidates(connection, grant, grant.token_version + 1));
        return storage::LoadGrant(connection, authorized.tenant, authorized.grant,
                                  GrantLock::kNone);
      });
}

absl::StatusOr<TokenWriter::Noted> TokenWriter::FailIn(Connection& connection,
                                                       const Failed& failed) {
  const storage::AttemptStart& attempt = failed.attempt;
  absl::StatusOr<Grant> grant =
      storage::LoadGrant(connection, attempt.tenant, attempt.grant, GrantLock::kForChange);
  if (absl::IsNotFound(grant.status())) return Noted::kLeaseLost;
  RETURN_IF_ERROR(grant.status());
  const FailureClass failure = failed.conclusion.failure;
  const bool unknown = failed.failure.delivery == Delivery::kUnknown;
  RETURN_IF_ERROR(storage::EndAttempt(connection, attempt.tenant, attempt.id,
                                      unknown ? AttemptState::kUnknown : AttemptState::kFailed,
                                      FailureClassName(failure)));
  if (grant->fence != attempt.fence) return Noted::kLeaseLost;
  if (failed.conclusion.try_previous) return Noted::kWritten;
  if (EventOf(failure) == GrantEvent::kGrantLost) {
    // Read behind the lock that a late holder takes, too: either it is seen here, or its holder
    // sees what is written here.
    ASSIGN_OR_RETURN(const auto open,
                     storage::ListOpenAttempts(connection, attempt.tenant, attempt.grant,
                                               grant->token_version - 1));
    for (const storage::OpenAttempt& other : open) {
      if (other.state == AttemptState::kCandidate) return Noted::kHasCandidate;
    }
  }
  const std::optional<GrantState> next = Apply(grant->state, EventOf(failure));
  if (!next) return Noted::kLeaseLost;  // revoked meanwhile
  const bool healthy = *next == GrantState::kActive || *next == GrantState::kPending;
  const storage::FailureRow row{
      .state = *next,
      .state_reason = healthy ? grant->state_reason : std::string(FailureClassName(failure)),
      .last_error = DescribeFailure(failed.failure, failure, grant->now, attempt.id.ToString()),
      .rest = failed.conclusion.rest,
      .keep_lease = failed.conclusion.keep_lease};
  ASSIGN_OR_RETURN(const bool written, storage::WriteFailure(connection, attempt.tenant,
                                                             attempt.grant, attempt.fence, row));
  return written ? Noted::kWritten : Noted::kLeaseLost;
}

absl::StatusOr<TokenWriter::Noted> TokenWriter::Fail(const Failed& failed) {
  return RunInTransactionReturning<Noted>(
      pool_, Scope{.tenant = failed.attempt.tenant},
      [&](Connection& connection) { return FailIn(connection, failed); });
}

}  // namespace penstock::connector
