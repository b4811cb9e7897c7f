#include "libs/secrets/chain.h"

#include <utility>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::secrets {

Chain::Chain(std::vector<std::unique_ptr<Provider>> providers) : providers_(std::move(providers)) {}

absl::StatusOr<std::optional<crypto::Secret>> Chain::Find(std::string_view name) const {
  if (!IsSecretName(name)) {
    return absl::InvalidArgumentError(fmt::format("'{}' is not the name of a secret", name));
  }
  for (const std::unique_ptr<Provider>& provider : providers_) {
    ASSIGN_OR_RETURN(std::optional<crypto::Secret> secret, provider->Find(name));
    if (secret) return secret;
  }
  return std::nullopt;
}

absl::StatusOr<crypto::Secret> Chain::GetSecret(std::string_view name) const {
  ASSIGN_OR_RETURN(std::optional<crypto::Secret> secret, Find(name));
  if (secret) return *std::move(secret);
  return absl::NotFoundError(fmt::format("the secret {} is not in {}", name, PlacesOf(name)));
}

std::string Chain::PlacesOf(std::string_view name) const {
  std::string places;
  for (const std::unique_ptr<Provider>& provider : providers_) {
    if (!places.empty()) places += ", ";
    places += provider->PlaceOf(name);
  }
  return places;
}

}  // namespace penstock::secrets
