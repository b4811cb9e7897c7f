#include "services/connector/oauth/refresh_round.h"

#include <algorithm>
#include <utility>

#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/log/log.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::RunInTransactionReturning;
using postgres::Scope;
using storage::AttemptState;
using storage::TokenUsed;
using Written = TokenWriter::Written;
using Noted = TokenWriter::Noted;

Rotation RotationOf(const OAuth2Config& config) {
  return IsUnattended(config) ? Rotation::kNone : config.rotation;
}

}  // namespace

absl::StatusOr<std::optional<RefreshRound::Held>> RefreshRound::TakeLease(const Grant& seen) {
  return RunInTransactionReturning<std::optional<Held>>(
      parts_.pool, Scope{.tenant = seen.tenant},
      [&](Connection& connection) -> absl::StatusOr<std::optional<Held>> {
        ASSIGN_OR_RETURN(const auto fence,
                         storage::TakeLease(connection, seen, options_.holder, options_.lease));
        if (!fence) return std::optional<Held>();
        RETURN_IF_ERROR(storage::GiveUpAttempts(connection, seen.tenant, seen.id, *fence));
        Held held;
        ASSIGN_OR_RETURN(held.grant, storage::LoadGrant(connection, seen.tenant, seen.id,
                                                        storage::GrantLock::kNone));
        ASSIGN_OR_RETURN(held.open, storage::ListOpenAttempts(connection, seen.tenant, seen.id,
                                                              seen.token_version - 1));
        return std::optional<Held>(std::move(held));
      });
}

void RefreshRound::Release(const Held& held) {
  // When this fails, too, the lease ends by itself.
  postgres::RunInTransaction(parts_.pool, Scope{.tenant = held.grant.tenant},
                             [&](Connection& connection) {
                               return storage::ReleaseLease(connection, held.grant.tenant,
                                                            held.grant.id, held.grant.fence);
                             })
      .IgnoreError();
}

absl::StatusOr<bool> RefreshRound::PromoteCandidate(const Held& held, int64_t from_version,
                                                    const Asker& asker, absl::Time deadline) {
  for (const storage::OpenAttempt& attempt : held.open) {
    if (attempt.state != AttemptState::kCandidate || attempt.token_version < from_version) continue;
    ASSIGN_OR_RETURN(const OAuth2Config config, ReadConfig(held.grant));
    Use use;
    use.owner = {held.grant.tenant, OwnerKind::kAttempt, attempt.id.uuid()};
    use.fields = {secret_field::kAccessToken};
    use.optional_fields = {secret_field::kRefreshToken};
    use.purpose = Purpose::kRefresh;
    use.target_host = HostOf(config.refresh_url);
    use.execution_id = asker.execution_id;
    use.caller = asker.caller;
    use.caller.tenant = held.grant.tenant;
    ASSIGN_OR_RETURN(const Opened tokens, parts_.credentials.Open(use, deadline));
    ASSIGN_OR_RETURN(const bool promoted,
                     writer_.Promote(held.grant, attempt, tokens.credentials, parts_.random()));
    RecordOutcome(parts_.credentials, {&tokens},
                  promoted ? UseOutcome::kSucceeded : UseOutcome::kFailed, 0);
    if (promoted) parts_.measures.Kept("promoted");
    if (promoted) return true;
  }
  return false;
}

absl::StatusOr<RefreshRound::End> RefreshRound::Run(const Grant& seen, const Asker& asker,
                                                    absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::optional<Held> held, TakeLease(seen));
  if (!held) return End::kNotHolder;
  At(RefreshStep::kLeased);
  absl::StatusOr<bool> promoted =
      PromoteCandidate(*held, held->grant.token_version, asker, deadline);
  if (promoted.ok() && *promoted) return End::kWritten;
  absl::StatusOr<RefreshMaterial> material =
      promoted.ok() ? OpenRefreshMaterial(parts_.credentials, held->grant, asker, deadline)
                    : absl::StatusOr<RefreshMaterial>(promoted.status());
  if (!material.ok()) {
    Release(*held);
    return material.status();
  }
  return Ask(*held, *material, asker, deadline);
}

absl::StatusOr<std::optional<storage::AttemptStart>> RefreshRound::Journal(const Held& held,
                                                                           TokenUsed used,
                                                                           absl::Time& sent_at) {
  const storage::AttemptStart start{.id = storage::AttemptId::Make(parts_.clock.Now()),
                                    .grant = held.grant.id,
                                    .tenant = held.grant.tenant,
                                    .fence = held.grant.fence,
                                    .token_version = held.grant.token_version,
                                    .token_used = used};
  ASSIGN_OR_RETURN(const auto began,
                   RunInTransactionReturning<std::optional<absl::Time>>(
                       parts_.pool, Scope{.tenant = start.tenant}, [&](Connection& connection) {
                         return storage::BeginAttempt(connection, start,
                                                      options_.request_timeout + options_.margin);
                       }));
  if (!began) return std::optional<storage::AttemptStart>();
  sent_at = *began;
  return std::optional<storage::AttemptStart>(start);
}

Situation RefreshRound::SituationOf(const Held& held, const RefreshMaterial& material,
                                    TokenUsed used) const {
  Situation situation{.rotation = RotationOf(material.config),
                      .grace_period = material.config.grace_period,
                      .used = used,
                      .has_previous = material.tokens.credentials.Find(
                                          secret_field::kPreviousRefreshToken) != nullptr,
                      .failures = held.grant.failures};
  for (const storage::OpenAttempt& attempt : held.open) {
    if (attempt.state != AttemptState::kUnknown ||
        attempt.token_version != held.grant.token_version)
      continue;
    situation.unknown_before = true;
    situation.since_unknown =
        std::max(situation.since_unknown, held.grant.now - attempt.started_at);
  }
  return situation;
}

absl::StatusOr<RefreshRound::End> RefreshRound::Ask(const Held& held,
                                                    const RefreshMaterial& material,
                                                    const Asker& asker, absl::Time deadline) {
  TokenUsed used = IsUnattended(material.config) ? TokenUsed::kNone : TokenUsed::kCurrent;
  while (true) {
    const Stamp stamp{parts_.clock.Now(), crypto::Base64UrlEncode(crypto::RandomBytes(16))};
    absl::StatusOr<egress::HttpRequest> request = RefreshRequest(held.grant, material, used, stamp);
    if (!request.ok()) {
      Release(held);
      return request.status();
    }
    request->timeout = options_.request_timeout;
    absl::Time sent_at;
    absl::StatusOr<std::optional<storage::AttemptStart>> attempt = Journal(held, used, sent_at);
    if (!attempt.ok()) {
      // Perhaps it was written: then the next holder finds it without an outcome, which is safe.
      Release(held);
      return attempt.status();
    }
    if (!*attempt) return End::kNotHolder;
    At(RefreshStep::kJournaled);
    parts_.measures.Sent();
    egress::HttpResult result = parts_.sender.Send(
        *std::move(request), parts_.clock.Now() + options_.request_timeout, nullptr);
    TokenOutcome outcome = ReadTokenAnswer(material.config, result, parts_.clock.Now());
    if (auto* response = std::get_if<egress::HttpResponse>(&result)) crypto::Wipe(response->body);
    At(RefreshStep::kAnswered);
    if (auto* answer = std::get_if<TokenAnswer>(&outcome)) {
      RecordOutcome(parts_.credentials, {&material.client, &material.tokens},
                    UseOutcome::kSucceeded, 200);
      Received received{.attempt = **attempt, .sent_at = sent_at, .answer = std::move(*answer)};
      const crypto::Secret* token = material.tokens.credentials.Find(
          used == TokenUsed::kPrevious ? secret_field::kPreviousRefreshToken
                                       : secret_field::kRefreshToken);
      if (token != nullptr) received.used = crypto::Secret(token->Reveal());
      return Keep(std::move(received), asker, deadline);
    }
    TokenWriter::Failed failed{.attempt = **attempt, .failure = std::get<TokenFailure>(outcome)};
    failed.conclusion = Conclude(failed.failure, SituationOf(held, material, used));
    parts_.measures.Failed(failed.conclusion.failure);
    RecordOutcome(parts_.credentials, {&material.client, &material.tokens},
                  UseOutcomeOf(failed.failure), failed.failure.http_status);
    ASSIGN_OR_RETURN(const Noted noted, writer_.Fail(failed));
    if (noted == Noted::kHasCandidate) return TakeCandidate(held, asker, deadline);
    if (noted == Noted::kLeaseLost || !failed.conclusion.try_previous)
      return noted == Noted::kWritten ? End::kWritten : End::kNotHolder;
    used = TokenUsed::kPrevious;
  }
}

absl::StatusOr<RefreshRound::End> RefreshRound::TakeCandidate(Held held, const Asker& asker,
                                                              absl::Time deadline) {
  ASSIGN_OR_RETURN(
      held.open, RunInTransactionReturning<std::vector<storage::OpenAttempt>>(
                     parts_.pool, Scope{.tenant = held.grant.tenant}, [&](Connection& connection) {
                       return storage::ListOpenAttempts(connection, held.grant.tenant,
                                                        held.grant.id,
                                                        held.grant.token_version - 1);
                     }));
  const absl::StatusOr<bool> promoted =
      PromoteCandidate(held, held.grant.token_version - 1, asker, deadline);
  if (!promoted.ok() || !*promoted) Release(held);
  RETURN_IF_ERROR(promoted.status());
  return End::kWritten;
}

absl::StatusOr<RefreshRound::End> RefreshRound::Keep(Received received, const Asker& asker,
                                                     absl::Time deadline) {
  absl::StatusOr<Written> written = writer_.Store(received, parts_.random());
  if (!written.ok()) {
    log::Error("tokens came and could not be stored; they are kept in a local file",
               {{"grant", received.attempt.grant}, {"status", written.status()}});
    RETURN_IF_ERROR(parts_.spool.Write(received));
    parts_.measures.Kept("spooled");
    return End::kSpooled;
  }
  At(RefreshStep::kWritten);
  parts_.measures.Kept(*written == Written::kStored      ? "stored"
                       : *written == Written::kCandidate ? "candidate"
                                                         : "obsolete");
  // Nobody may come after us who would find it.
  if (*written == Written::kCandidate)
    RETURN_IF_ERROR(Reconcile(received.attempt.tenant, received.attempt.grant, asker, deadline));
  return End::kWritten;
}

absl::Status RefreshRound::Reconcile(TenantId tenant, GrantId id, const Asker& asker,
                                     absl::Time deadline) {
  ASSIGN_OR_RETURN(const Grant seen,
                   RunInTransactionReturning<Grant>(
                       parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) {
                         return storage::LoadGrant(connection, tenant, id,
                                                   storage::GrantLock::kNone);
                       }));
  ASSIGN_OR_RETURN(const std::optional<Held> held, TakeLease(seen));
  if (!held) return absl::OkStatus();  // its holder finds the candidate if it needs it
  // Tokens of the version before are wanted only when those we have are refused.
  const bool lost =
      held->grant.state == GrantState::kNeedsReauth || held->grant.state == GrantState::kDegraded;
  const absl::StatusOr<bool> promoted =
      PromoteCandidate(*held, held->grant.token_version - (lost ? 1 : 0), asker, deadline);
  if (!promoted.ok() || !*promoted) Release(*held);
  return promoted.status();
}

absl::Status RefreshRound::Replay() {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, parts_.spool.List());
  absl::Status first;
  for (const std::string& name : names) {
    absl::StatusOr<Received> received = parts_.spool.Read(name);
    if (absl::IsNotFound(received.status())) continue;  // another thread was faster
    absl::Status done = received.status();
    if (received.ok()) {
      absl::StatusOr<Written> written = writer_.Store(*received, parts_.random());
      done = written.status();
      if (done.ok()) parts_.measures.Kept("replayed");
      if (done.ok()) done = parts_.spool.Remove(name);
      if (done.ok() && *written == Written::kCandidate) {
        done = Reconcile(received->attempt.tenant, received->attempt.grant, Asker{},
                         parts_.clock.Now() + absl::Seconds(30));
      }
    }
    first.Update(done);
  }
  return first;
}

}  // namespace penstock::connector
