#include "services/connector/oauth/refreshed_tokens.h"

#include <utility>

#include "libs/log/log.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {

absl::StatusOr<GrantToken> RefreshedTokens::Get(TenantId tenant, GrantId grant, const Use& use,
                                                absl::Time deadline) {
  Use of_grant = use;
  of_grant.owner = {tenant, OwnerKind::kGrant, grant.uuid()};
  // Wherever the connector's own secrets are: tokens change with their grant's row.
  of_grant.storage = SecretStorage::kSealed;
  of_grant.optional_fields.clear();
  ASSIGN_OR_RETURN(AccessToken token, refresher_.Get(of_grant, deadline));
  return GrantToken{std::move(token.token), token.use, token.version, std::move(token.values)};
}

absl::Status RefreshedTokens::Refused(TenantId tenant, GrantId grant, int64_t version) {
  ASSIGN_OR_RETURN(const bool replaced, refresher_.TokenRejected(tenant, grant, version));
  if (replaced) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError("the third party refuses an access token that is seconds old"),
      "TOKEN_REFUSED", {{"grant_id", grant.ToString()}});
}

void RefreshedTokens::Proven(TenantId tenant, GrantId grant, int64_t version) {
  const absl::Status noted = refresher_.TokenWorked(tenant, grant, version);
  // Then the token before is kept a while longer.
  if (!noted.ok())
    log::Warning("a proven access token could not be noted", {{"grant", grant}, {"status", noted}});
}

}  // namespace penstock::connector
