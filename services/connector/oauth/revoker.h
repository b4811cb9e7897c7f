// Takes a grant back at its provider (RFC 7009 and what providers made of it), and forgets its
// tokens here.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/connector/oauth/refresh_round.h"

namespace penstock::connector {

struct Revocation {
  Grant grant;  // afterwards
  // Whether the provider was told. False when it has no way to be, or there was nothing to take
  // back; the tokens are gone here anyway.
  bool at_provider = false;
};

class Revoker {
 public:
  // `parts` outlive it.
  explicit Revoker(const RefreshParts& parts) : parts_(parts) {}

  // UNAVAILABLE (TOKEN_..., with RetryInfo when the provider says when) when the provider can't be
  // told now: the tokens are still good, there and here, and the call may be repeated.
  absl::StatusOr<Revocation> Revoke(TenantId tenant, GrantId id, const Asker& asker,
                                    absl::Time deadline);

 private:
  absl::StatusOr<bool> Tell(const Grant& grant, const Asker& asker, absl::Time deadline);

  const RefreshParts& parts_;
};

// What else ends with it, in words for people.
std::vector<std::string> RevocationSideEffects(const Grant& grant, size_t other_connectors);

}  // namespace penstock::connector
