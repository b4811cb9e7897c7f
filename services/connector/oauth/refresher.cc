#include "services/connector/oauth/refresher.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "libs/log/log.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "services/connector/oauth/authorization_store.h"
#include "services/connector/oauth/grant_error.h"
#include "services/connector/oauth/token_times.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::RunInTransactionReturning;
using postgres::Scope;
using storage::GrantLock;

constexpr absl::Duration kFirstPoll = absl::Milliseconds(10);
constexpr absl::Duration kLastPoll = absl::Milliseconds(250);
constexpr absl::Duration kUndoubted = absl::Seconds(30);
constexpr size_t kWorkers = 4;
constexpr int kMostDropped = 500;
constexpr size_t kMaxProven = 10'000;

bool CanRefresh(const Grant& grant, const OAuth2Config& config) {
  return grant.has_refresh_token || IsUnattended(config);
}

absl::Status TooLate(const Grant& grant) {
  return WithReason(
      absl::DeadlineExceededError(
          "another request for a new access token of this grant has not ended in time"),
      "TOKEN_AWAITED", {{"grant_id", grant.id.ToString()}});
}

}  // namespace

Refresher::Refresher(RefreshParts parts, RefreshOptions options)
    : parts_(std::move(parts)), options_(std::move(options)), round_(parts_, options_) {}

Refresher::~Refresher() = default;

absl::StatusOr<Grant> Refresher::Load(TenantId tenant, GrantId id) {
  return RunInTransactionReturning<Grant>(
      parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) {
        return storage::LoadGrant(connection, tenant, id, GrantLock::kNone);
      });
}

void Refresher::Pause(absl::Duration pause, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const absl::Duration left = deadline - parts_.clock.Now();
  const bool never = false;
  mutex_.AwaitWithTimeout(absl::Condition(&never), std::min(pause, left));
}

absl::StatusOr<std::optional<AccessToken>> Refresher::Read(const Grant& grant, Use use,
                                                           absl::Time deadline) {
  use.fields = {secret_field::kAccessToken};
  use.owner_version = grant.token_version;
  const absl::StatusOr<Opened> opened = parts_.credentials.Open(use, deadline);
  if (ReasonOf(opened.status()) == kOwnerChanged) return std::optional<AccessToken>();
  RETURN_IF_ERROR(opened.status());
  ASSIGN_OR_RETURN(const std::string_view token,
                   opened->credentials.Get(secret_field::kAccessToken));
  AccessToken result{
      .token = crypto::Secret(token), .use = opened->use, .version = grant.token_version};
  const auto values = nlohmann::json::parse(grant.from_token, nullptr, /*allow_exceptions=*/false);
  for (const auto& [name, value] : values.items()) {
    if (value.is_string()) result.values[name] = value.get<std::string>();
  }
  return std::optional<AccessToken>(std::move(result));
}

absl::StatusOr<AccessToken> Refresher::Get(const Use& use, absl::Time deadline) {
  const GrantId id(use.owner.id);
  while (true) {
    ASSIGN_OR_RETURN(const Grant grant, MakeFresh(use.owner.tenant, id,
                                                  Asker{use.caller, use.execution_id}, deadline));
    ASSIGN_OR_RETURN(std::optional<AccessToken> token, Read(grant, use, deadline));
    if (token) return *std::move(token);
    if (parts_.clock.Now() >= deadline) return TooLate(grant);
  }
}

bool Refresher::InFlight(const Grant& grant) {
  absl::MutexLock lock(&mutex_);
  return flights_.contains(Key(grant.tenant, grant.id));
}

absl::StatusOr<Grant> Refresher::MakeFresh(TenantId tenant, GrantId id, const Asker& asker,
                                           absl::Time deadline) {
  while (true) {
    ASSIGN_OR_RETURN(Grant grant, Load(tenant, id));
    ASSIGN_OR_RETURN(const OAuth2Config config, ReadConfig(grant));
    RETURN_IF_ERROR(CheckLive(grant, config));
    if (!grant.due()) return grant;
    if (!CanRefresh(grant, config)) {
      if (grant.usable()) return grant;
      RETURN_IF_ERROR(EndWithoutRefreshToken(grant));
      continue;
    }
    if (grant.usable() && (grant.leased() || grant.resting() || InFlight(grant))) return grant;
    if (grant.resting()) return LastErrorOf(grant);
    if (parts_.clock.Now() >= deadline) return TooLate(grant);
    RETURN_IF_ERROR(Advance(grant, asker, deadline));
  }
}

absl::Status Refresher::Advance(const Grant& grant, const Asker& asker, absl::Time deadline) {
  const Key key(grant.tenant, grant.id);
  std::shared_ptr<Flight> flight;
  {
    absl::MutexLock lock(&mutex_);
    auto [at, ours] = flights_.try_emplace(key, nullptr);
    if (!ours) {
      flight = at->second;
      // absl's deadline is of the real clock; ours may not be.
      mutex_.AwaitWithTimeout(absl::Condition(&flight->done), deadline - parts_.clock.Now());
      return absl::OkStatus();
    }
    flight = at->second = std::make_shared<Flight>();
  }
  const absl::Status led = Lead(grant, asker, deadline);
  absl::MutexLock lock(&mutex_);
  flight->done = true;
  flights_.erase(key);
  return led;
}

absl::Status Refresher::Lead(Grant grant, const Asker& asker, absl::Time deadline) {
  // Tokens that wait here may be this grant's; nothing is sent before they are stored.
  round_.Replay().IgnoreError();
  const int64_t before = grant.token_version;
  ASSIGN_OR_RETURN(grant, Load(grant.tenant, grant.id));
  if (grant.token_version != before) return absl::OkStatus();
  absl::Duration poll = kFirstPoll;
  while (true) {
    if (!grant.leased()) {
      ASSIGN_OR_RETURN(const RefreshRound::End end, round_.Run(grant, asker, deadline));
      if (end == RefreshRound::End::kSpooled) {
        return WithReason(absl::UnavailableError("a new access token came, but the database could "
                                                 "not be told; it is stored when that is possible"),
                          "TOKEN_SPOOLED", {{"grant_id", grant.id.ToString()}});
      }
      if (end == RefreshRound::End::kWritten) return absl::OkStatus();
    }
    // Somebody else's turn. Those of this process who want the token wait for us, so that one of
    // them asks the database.
    Pause(poll * (0.5 + parts_.random()), deadline);
    poll = std::min(poll * 2, kLastPoll);
    const int64_t version = grant.token_version;
    ASSIGN_OR_RETURN(grant, Load(grant.tenant, grant.id));
    const bool waits =
        grant.token_version == version && grant.due() && !grant.usable() && !grant.resting() &&
        (grant.state != GrantState::kNeedsReauth && grant.state != GrantState::kDisabled);
    if (!waits || parts_.clock.Now() >= deadline) return absl::OkStatus();
  }
}

absl::Status Refresher::EndWithoutRefreshToken(const Grant& seen) {
  return postgres::RunInTransaction(
      parts_.pool, Scope{.tenant = seen.tenant}, [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const Grant grant, storage::LoadGrant(connection, seen.tenant, seen.id,
                                                               GrantLock::kForChange));
        const std::optional<GrantState> next = Apply(grant.state, GrantEvent::kGrantLost);
        if (!next || grant.token_version != seen.token_version || !grant.due() || grant.usable())
          return absl::OkStatus();
        const TokenFailure failure{
            .failure = FailureClass::kRevokedOrExpired,
            .delivery = Delivery::kNotSent,
            .message = "the access token has ended and the provider gave no refresh token"};
        const storage::FailureRow row{
            .state = *next,
            .state_reason = std::string(FailureClassName(failure.failure)),
            .last_error = DescribeFailure(failure, failure.failure, grant.now, "")};
        return storage::WriteFailure(connection, grant.tenant, grant.id, grant.fence, row).status();
      });
}

absl::Status Refresher::TokenWorked(TenantId tenant, GrantId id, int64_t version) {
  const Key key(tenant, id);
  {
    absl::MutexLock lock(&mutex_);
    if (const auto at = proven_.find(key); at != proven_.end() && at->second >= version)
      return absl::OkStatus();
  }
  RETURN_IF_ERROR(postgres::RunInTransaction(
      parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const bool first, storage::ProveToken(connection, tenant, id, version));
        if (!first) return absl::OkStatus();
        RETURN_IF_ERROR(parts_.credentials.Remove(connection,
                                                  {tenant, OwnerKind::kGrant, id.uuid()},
                                                  {secret_field::kPreviousRefreshToken}));
        ASSIGN_OR_RETURN(const auto gone,
                         storage::SupersedeCandidates(connection, tenant, id, version));
        for (const storage::AttemptId& attempt : gone) {
          RETURN_IF_ERROR(parts_.credentials.RemoveAll(
              connection, {tenant, OwnerKind::kAttempt, attempt.uuid()}));
        }
        return absl::OkStatus();
      }));
  absl::MutexLock lock(&mutex_);
  if (proven_.size() >= kMaxProven) proven_.clear();
  proven_[key] = version;
  return absl::OkStatus();
}

absl::StatusOr<bool> Refresher::TokenRejected(TenantId tenant, GrantId id, int64_t version) {
  return RunInTransactionReturning<bool>(
      parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) -> absl::StatusOr<bool> {
        ASSIGN_OR_RETURN(const bool rejected,
                         storage::RejectToken(connection, tenant, id, version, kUndoubted));
        if (rejected) return true;
        // Another was faster, or there is a new one already.
        ASSIGN_OR_RETURN(const Grant grant,
                         storage::LoadGrant(connection, tenant, id, GrantLock::kNone));
        return grant.token_version > version || (grant.due() && !grant.usable());
      });
}

absl::StatusOr<Grant> Refresher::Refresh(TenantId tenant, GrantId id, const Asker& asker,
                                         absl::Time deadline) {
  ASSIGN_OR_RETURN(const Grant before, Load(tenant, id));
  ASSIGN_OR_RETURN(const OAuth2Config config, ReadConfig(before));
  RETURN_IF_ERROR(CheckLive(before, config));
  if (!CanRefresh(before, config)) {
    return WithReason(
        absl::FailedPreconditionError(
            "the provider gave no refresh token: a new access token takes a new authorization"),
        "NO_REFRESH_TOKEN", {{"grant_id", id.ToString()}});
  }
  RETURN_IF_ERROR(
      postgres::RunInTransaction(parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) {
        return storage::AskForRefresh(connection, tenant, id, before.token_version);
      }));
  while (true) {
    ASSIGN_OR_RETURN(Grant grant, MakeFresh(tenant, id, asker, deadline));
    if (grant.token_version > before.token_version) return grant;
    if (grant.failures > 0) return LastErrorOf(grant);
    if (parts_.clock.Now() >= deadline) return TooLate(grant);
    Pause(kLastPoll, deadline);  // another has the lease, and the old token is good
  }
}

absl::StatusOr<int> Refresher::RefreshDue(int limit, absl::Duration patience_each) {
  RETURN_IF_ERROR(Replay());
  using Due = std::vector<std::pair<TenantId, GrantId>>;
  ASSIGN_OR_RETURN(const Due due, RunInTransactionReturning<Due>(
                                      parts_.pool, Scope{}, [&](Connection& connection) {
                                        return storage::DueGrants(connection, limit);
                                      }));
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < due.size(); i = next++) {
      const auto& [tenant, id] = due[i];
      Asker asker;
      asker.caller.tenant = tenant;
      asker.caller.service = "connector-service";
      // What came of it is in the grant's row, and counted.
      const absl::Status made =
          MakeFresh(tenant, id, asker, parts_.clock.Now() + patience_each).status();
      if (!made.ok()) log::Info("a grant has no new token yet", {{"grant", id}, {"status", made}});
    }
  };
  // A provider that is slow holds up a few of the others at most.
  std::vector<std::thread> workers;
  for (size_t i = 0; i < std::min<size_t>(kWorkers, due.size()); ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  RETURN_IF_ERROR(postgres::RunInTransaction(parts_.pool, Scope{}, [](Connection& connection) {
    return storage::DropOldAttempts(connection, kMostDropped).status();
  }));
  return static_cast<int>(due.size());
}

}  // namespace penstock::connector
