#include "services/connector/keys/local_root_key.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/sealer.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

class LocalRootKey final : public RootKey {
 public:
  explicit LocalRootKey(crypto::Sealer sealer)
      : sealer_(std::move(sealer)),
        id_(fmt::format("local:{}", crypto::HexEncode(sealer_.key_id()))) {}

  const std::string& id() const override { return id_; }
  std::string Describe() const override {
    return fmt::format("the key {} from the secrets chain", id_);
  }

  absl::StatusOr<std::string> Wrap(const crypto::Secret& key,
                                   std::string_view associated) const override {
    return sealer_.Seal(key.Reveal(), associated);
  }

  absl::StatusOr<crypto::Secret> Unwrap(std::string_view wrapped,
                                        std::string_view associated) const override {
    absl::StatusOr<crypto::Secret> key = sealer_.Open(wrapped, associated);
    if (key.ok()) return key;
    return absl::DataLossError(std::string(key.status().message()));
  }

 private:
  const crypto::Sealer sealer_;
  const std::string id_;
};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(text.front())) text.remove_prefix(1);
  while (!text.empty() && absl::ascii_isspace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RootKey>> CreateLocalRootKey(const crypto::Secret& text) {
  ASSIGN_OR_RETURN(crypto::Sealer sealer, crypto::Sealer::FromText(text));
  return std::make_unique<LocalRootKey>(std::move(sealer));
}

absl::StatusOr<std::vector<std::unique_ptr<RootKey>>> CreateLocalRootKeys(
    const crypto::Secret& text) {
  std::vector<std::unique_ptr<RootKey>> keys;
  std::string_view rest = Trim(text.Reveal());
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    const crypto::Secret one(Trim(rest.substr(0, comma)));
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    absl::StatusOr<std::unique_ptr<RootKey>> key = CreateLocalRootKey(one);
    if (!key.ok()) return WithContext(key.status(), fmt::format("key {}", keys.size() + 1));
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace penstock::connector
