#include "services/connector/keys/transit_root_key.h"

#include <utility>

#include "fmt/format.h"

namespace penstock::connector {
namespace {

class TransitRootKey final : public RootKey {
 public:
  explicit TransitRootKey(std::unique_ptr<secrets::vault::Transit> transit)
      : transit_(std::move(transit)),
        id_(fmt::format("transit:{}/{}", transit_->mount(), transit_->key())) {}

  const std::string& id() const override { return id_; }
  std::string Describe() const override {
    return fmt::format("the key {} of the transit engine at {} in Vault", transit_->key(),
                       transit_->mount());
  }
  absl::StatusOr<std::string> Wrap(const crypto::Secret& key,
                                   std::string_view associated) const override {
    return transit_->Encrypt(key, associated);
  }
  absl::StatusOr<crypto::Secret> Unwrap(std::string_view wrapped,
                                        std::string_view associated) const override {
    return transit_->Decrypt(wrapped, associated);
  }

 private:
  const std::unique_ptr<secrets::vault::Transit> transit_;
  const std::string id_;
};

}  // namespace

std::unique_ptr<RootKey> CreateTransitRootKey(std::unique_ptr<secrets::vault::Transit> transit) {
  return std::make_unique<TransitRootKey>(std::move(transit));
}

}  // namespace penstock::connector
