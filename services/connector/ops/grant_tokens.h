// Access tokens of grants, as calls need them: fresh, and replaced when a third party refuses one.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/crypto/secret.h"
#include "services/connector/credentials/use.h"
#include "services/connector/domain/connector.h"

namespace penstock::connector {

struct GrantToken {
  crypto::Secret access_token;
  UseId use;  // to tell its outcome by
  int64_t version = 0;
  // Of the token answer: "instance_url", "api_domain"; checked against the hosts they may name.
  std::map<std::string, std::string> values;
};

class GrantTokens {
 public:
  virtual ~GrantTokens() = default;

  // `use` says who asks and where the token goes; its owner and fields are set by this function.
  // FAILED_PRECONDITION (NEEDS_REAUTH, with metadata class) when a person has to authorize anew;
  // UNAVAILABLE when the provider can't be asked now.
  virtual absl::StatusOr<GrantToken> Get(TenantId tenant, GrantId grant, const Use& use,
                                         absl::Time deadline) = 0;
  // A third party refused the token of this version: Get replaces it.
  virtual absl::Status Refused(TenantId tenant, GrantId grant, int64_t version) = 0;
  // A third party took it.
  virtual void Proven(TenantId tenant, GrantId grant, int64_t version) = 0;
};

}  // namespace penstock::connector
