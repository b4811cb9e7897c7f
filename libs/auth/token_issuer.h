// Makes access tokens: compact JWTs, signed with EdDSA by the newest key.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "libs/auth/token_claims.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"

namespace penstock::auth {

struct AccessToken {
  std::string text;
  absl::Time expires_at;
};

class TokenIssuer {
 public:
  // The keyring signs. It and the clock outlive the issuer.
  TokenIssuer(const TokenKeyring& keys, std::string issuer, absl::Duration lifetime,
              const Clock& clock);

  // `roles` is not empty.
  AccessToken Make(TenantId tenant, UserId user, const Uuid& session,
                   const std::vector<Role>& roles) const;

 private:
  const TokenKeyring& keys_;
  const std::string issuer_;
  const absl::Duration lifetime_;
  const Clock& clock_;
};

}  // namespace penstock::auth
