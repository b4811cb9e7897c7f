// What a token of a Vault under test is given when it is made.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace penstock::secrets {

struct TokenRules {
  absl::Duration ttl = absl::Hours(1);  // zero = it never ends
  absl::Duration max_ttl = absl::Hours(24);
  bool renewable = true;
  bool may_renew = true;                     // whether the policy allows renew-self
  std::vector<std::string> may_read = {};    // paths behind /v1/
  std::vector<std::string> may_update = {};  // the same; what is there already
  std::vector<std::string> may_create = {};  // the same; what is not there yet
};

}  // namespace penstock::secrets
