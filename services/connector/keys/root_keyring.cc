#include "services/connector/keys/root_keyring.h"

#include <algorithm>
#include <utility>

namespace penstock::connector {

absl::StatusOr<RootKeyring> RootKeyring::Create(std::unique_ptr<RootKey> active,
                                                std::vector<std::unique_ptr<RootKey>> previous) {
  if (active == nullptr) return absl::FailedPreconditionError("there is no root key");
  std::vector<std::unique_ptr<RootKey>> keys;
  keys.push_back(std::move(active));
  for (std::unique_ptr<RootKey>& key : previous) {
    const bool is_there = std::ranges::any_of(
        keys, [&](const std::unique_ptr<RootKey>& other) { return other->id() == key->id(); });
    if (!is_there) keys.push_back(std::move(key));
  }
  return RootKeyring(std::move(keys));
}

const RootKey* RootKeyring::Find(std::string_view id) const {
  for (const std::unique_ptr<RootKey>& key : keys_) {
    if (key->id() == id) return key.get();
  }
  return nullptr;
}

}  // namespace penstock::connector
