// Access tokens of grants for calls of connectors: the Refresher behind the face that they know.
#pragma once

#include "services/connector/oauth/refresher.h"
#include "services/connector/ops/grant_tokens.h"

namespace penstock::connector {

class RefreshedTokens final : public GrantTokens {
 public:
  // Outlives it.
  explicit RefreshedTokens(Refresher& refresher) : refresher_(refresher) {}

  absl::StatusOr<GrantToken> Get(TenantId tenant, GrantId grant, const Use& use,
                                 absl::Time deadline) override;
  absl::Status Refused(TenantId tenant, GrantId grant, int64_t version) override;
  void Proven(TenantId tenant, GrantId grant, int64_t version) override;

 private:
  Refresher& refresher_;
};

}  // namespace penstock::connector
