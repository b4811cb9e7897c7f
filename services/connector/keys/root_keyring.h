// The root keys at hand: one wraps, all unwrap. Two are there while replicas change from one to the
// next, one after the other.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/connector/keys/root_key.h"

namespace penstock::connector {

class RootKeyring {
 public:
  // FAILED_PRECONDITION without an active key; a key that is there twice counts once.
  static absl::StatusOr<RootKeyring> Create(std::unique_ptr<RootKey> active,
                                            std::vector<std::unique_ptr<RootKey>> previous);

  const RootKey& active() const { return *keys_.front(); }
  // Null when it is not at hand.
  const RootKey* Find(std::string_view id) const;
  // The active one first.
  const std::vector<std::unique_ptr<RootKey>>& keys() const { return keys_; }

 private:
  explicit RootKeyring(std::vector<std::unique_ptr<RootKey>> keys) : keys_(std::move(keys)) {}
  std::vector<std::unique_ptr<RootKey>> keys_;
};

}  // namespace penstock::connector
