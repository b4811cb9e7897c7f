// The double as a Vault.
#include <string>

#include "fmt/format.h"
#include "libs/secrets/conformance/vault.h"
#include "libs/secrets/testing/fake_vault.h"

namespace penstock::secrets {
namespace {

class DoubleVault final : public Vault {
 public:
  explicit DoubleVault(const Clock& clock) : fake_(clock) {
    transport_.address = fake_.address();
    fake_.MountKv(kv_);
    fake_.MountTransit(transit_);
    fake_.MountAppRole(approle_);
  }

  const vault::Transport::Options& transport() const override { return transport_; }
  const std::string& kv() const override { return kv_; }
  const std::string& transit() const override { return transit_; }
  const std::string& approle() const override { return approle_; }

  void Write(const std::string& path, const nlohmann::json& data) override {
    fake_.Write(kv_, path, data);
  }
  void DeleteLatest(const std::string& path) override { fake_.DeleteLatest(kv_, path); }
  void DestroyLatest(const std::string& path) override { fake_.DestroyLatest(kv_, path); }

  void RotateKey(const std::string& key) override { fake_.RotateTransitKey(transit_, key); }
  void SetMinDecryptionVersion(const std::string& key, int version) override {
    fake_.SetMinDecryptionVersion(transit_, key, version);
  }
  void DeleteKey(const std::string& key) override { fake_.DeleteTransitKey(transit_, key); }

  std::string MakeToken(const TokenRules& rules) override { return fake_.MakeToken(rules); }
  AppRole AddAppRole(const TokenRules& rules) override {
    const AppRole role{fmt::format("role-{}", ++roles_), fmt::format("planted-id-{}", roles_)};
    fake_.AllowAppRole(approle_, role.role_id, role.secret_id, rules);
    return role;
  }
  void RevokeLogins() override { fake_.RevokeAllTokens(); }

  void SetSealed(bool sealed) override { fake_.SetSealed(sealed); }

 private:
  const std::string kv_ = "team/kv", transit_ = "team/transit", approle_ = "team/approle";
  FakeVault fake_;
  vault::Transport::Options transport_;
  int roles_ = 0;
};

}  // namespace

std::unique_ptr<Vault> OpenVault(const testing::SimulatedClock& clock) {
  return std::make_unique<DoubleVault>(clock);
}

}  // namespace penstock::secrets
