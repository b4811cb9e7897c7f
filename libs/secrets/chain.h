// The places where secrets are, asked in order.
//
//   ASSIGN_OR_RETURN(secrets::Chain chain, secrets::OpenChain(environment, clock));
//   ASSIGN_OR_RETURN(crypto::Secret password, chain.GetSecret("DB_PASSWORD_SERVER"));
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"
#include "libs/secrets/provider.h"

namespace penstock::secrets {

class Chain {
 public:
  explicit Chain(std::vector<std::unique_ptr<Provider>> providers);

  // From the first place that has it; nothing = none has. INVALID_ARGUMENT for a name that is none.
  // The error of a place that can't tell ends the search: what comes behind it is not asked, or an
  // outage would silently bring back an old password from there. May wait for Vault.
  absl::StatusOr<std::optional<crypto::Secret>> Find(std::string_view name) const;

  // As Find, for one that must be there: NOT_FOUND names it and every place looked at.
  absl::StatusOr<crypto::Secret> GetSecret(std::string_view name) const;

  // "the environment variable X, the file /run/secrets/X"
  std::string PlacesOf(std::string_view name) const;

 private:
  std::vector<std::unique_ptr<Provider>> providers_;
};

}  // namespace penstock::secrets
