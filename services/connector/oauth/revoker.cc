#include "services/connector/oauth/revoker.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/status/macros.h"
#include "services/connector/oauth/grant_error.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::RunInTransactionReturning;
using postgres::Scope;

// An unknown token is what we want it to be. So is one that the provider calls invalid.
bool IsRevoked(const TokenFailure& failure) {
  return failure.delivery == Delivery::kRefused &&
         failure.failure == FailureClass::kRevokedOrExpired;
}

}  // namespace

std::vector<std::string> RevocationSideEffects(const Grant& grant, size_t other_connectors) {
  std::vector<std::string> effects;
  if (other_connectors > 0)
    effects.push_back(
        fmt::format("{} other connectors use this grant and lose it, too", other_connectors));
  effects.push_back(
      "the provider may end every token of this user and app, those of other grants included");
  if (grant.has_refresh_token)
    effects.push_back("the grant can be used again after a new authorization only");
  return effects;
}

absl::StatusOr<bool> Revoker::Tell(const Grant& grant, const Asker& asker, absl::Time deadline) {
  ASSIGN_OR_RETURN(const OAuth2Config config, ReadConfig(grant));
  if (config.revoke_url.empty() || grant.token_version == 0 || grant.state == GrantState::kDisabled)
    return false;
  ASSIGN_OR_RETURN(const Opened client,
                   OpenClientSecrets(parts_.credentials, grant, config, Purpose::kRevoke,
                                     config.revoke_url, asker, deadline));
  Use use;
  use.owner = grant.owner();
  use.optional_fields = {secret_field::kAccessToken, secret_field::kRefreshToken};
  use.purpose = Purpose::kRevoke;
  use.target_host = HostOf(config.revoke_url);
  use.execution_id = asker.execution_id;
  use.caller = asker.caller;
  use.caller.tenant = grant.tenant;
  ASSIGN_OR_RETURN(const Opened tokens, parts_.credentials.Open(use, deadline));
  // The refresh token stands for the grant; some styles take the access token only.
  const bool access_only = config.revoke_style == RevokeStyle::kBearerPost ||
                           config.revoke_style == RevokeStyle::kBasicJson;
  const crypto::Secret* refresh =
      access_only ? nullptr : tokens.credentials.Find(secret_field::kRefreshToken);
  const crypto::Secret* token =
      refresh != nullptr ? refresh : tokens.credentials.Find(secret_field::kAccessToken);
  if (token == nullptr) return false;
  ASSIGN_OR_RETURN(
      const std::string assertion,
      ClientAssertion(config, client.credentials,
                      {parts_.clock.Now(), crypto::Base64UrlEncode(crypto::RandomBytes(16))}));
  ASSIGN_OR_RETURN(egress::HttpRequest request,
                   RevocationRequest(config, token->Reveal(),
                                     refresh != nullptr ? "refresh_token" : "access_token",
                                     {client.credentials, assertion}));
  const auto outcome = ReadMembers(
      parts_.sender.Send(std::move(request),
                         std::min(deadline, parts_.clock.Now() + kTokenRequestTimeout), nullptr),
      parts_.clock.Now());
  const auto* failure = std::get_if<TokenFailure>(&outcome);
  RecordOutcome(parts_.credentials, {&client, &tokens},
                failure == nullptr ? UseOutcome::kSucceeded : UseOutcomeOf(*failure),
                failure == nullptr ? 200 : failure->http_status);
  if (failure != nullptr && !IsRevoked(*failure)) return StatusOf(*failure);
  return true;
}

absl::StatusOr<Revocation> Revoker::Revoke(TenantId tenant, GrantId id, const Asker& asker,
                                           absl::Time deadline) {
  Revocation result;
  ASSIGN_OR_RETURN(const Grant before,
                   RunInTransactionReturning<Grant>(
                       parts_.pool, Scope{.tenant = tenant}, [&](Connection& connection) {
                         return storage::LoadGrant(connection, tenant, id,
                                                   storage::GrantLock::kNone);
                       }));
  ASSIGN_OR_RETURN(result.at_provider, Tell(before, asker, deadline));
  ASSIGN_OR_RETURN(
      result.grant,
      RunInTransactionReturning<Grant>(
          parts_.pool, Scope{.tenant = tenant},
          [&](Connection& connection) -> absl::StatusOr<Grant> {
            ASSIGN_OR_RETURN(const Grant grant, storage::LoadGrant(connection, tenant, id,
                                                                   storage::GrantLock::kForChange));
            const std::optional<GrantState> next = Apply(grant.state, GrantEvent::kRevoked);
            if (!next) return absl::InternalError("a grant that can't be revoked");
            // Whoever is asking for new tokens now finds its lease lost, and drops what it gets.
            RETURN_IF_ERROR(storage::WriteRevoked(connection, tenant, id, *next));
            RETURN_IF_ERROR(parts_.credentials.RemoveAll(connection, grant.owner()));
            return storage::LoadGrant(connection, tenant, id, storage::GrantLock::kNone);
          }));
  return result;
}

}  // namespace penstock::connector
