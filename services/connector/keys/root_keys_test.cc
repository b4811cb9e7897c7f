// Root keys: which start, which are refused, what happens while one can't be asked.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "fmt/format.h"
#include "libs/config/settings.h"
#include "libs/crypto/encoding.h"
#include "libs/secrets/settings.h"
#include "libs/secrets/vault/vault_fixture.h"
#include "libs/status/details.h"
#include "libs/testing/prepare_all.h"
#include "libs/testing/simulated_clock.h"
#include "services/connector/credentials/testing/credential_fixture.h"
#include "services/connector/keys/queries.h"
#include "services/connector/keys/settings.h"
#include "services/connector/keys/transit_root_key.h"

namespace penstock::connector {
namespace {

using postgres::Role;
using testing::Check;
using testing::KeyringOf;
using testing::PoolOf;
using testing::RootKeyOf;

// Counts, fails when told to.
class ProbedRootKey final : public RootKey {
 public:
  struct Probe {
    std::atomic<int> unwraps = 0, wraps = 0;
    std::atomic<bool> is_away = false;
  };
  ProbedRootKey(std::unique_ptr<RootKey> key, Probe& probe) : key_(std::move(key)), probe_(probe) {}
  const std::string& id() const override { return key_->id(); }
  std::string Describe() const override { return key_->Describe(); }
  absl::StatusOr<std::string> Wrap(const crypto::Secret& key,
                                   std::string_view associated) const override {
    ++probe_.wraps;
    if (probe_.is_away) return absl::UnavailableError("the root key is away");
    return key_->Wrap(key, associated);
  }
  absl::StatusOr<crypto::Secret> Unwrap(std::string_view wrapped,
                                        std::string_view associated) const override {
    ++probe_.unwraps;
    if (probe_.is_away) return absl::UnavailableError("the root key is away");
    return key_->Unwrap(wrapped, associated);
  }

 private:
  const std::unique_ptr<RootKey> key_;
  Probe& probe_;
};

class Fixture {
 protected:
  RootKeyring Probed(char letter = 'a') {
    return Check(
        RootKeyring::Create(std::make_unique<ProbedRootKey>(RootKeyOf(letter), probe_), {}),
        "keyring");
  }
  int64_t Count(const std::string& sql) {
    return Check(database_.ConnectAsSuperuser()->Execute({"count", sql.c_str()}), sql)
        .Get<int64_t>(0, 0);
  }
  void Run(const std::string& sql) {
    Check(database_.ConnectAsSuperuser()->ExecuteScript(sql), sql);
  }

  penstock::testing::TestDatabase database_;
  const TenantId tenant_ = penstock::testing::CreateTenant(database_, "acme").tenant;
  std::unique_ptr<postgres::Pool> pool_ = PoolOf(database_, Role::kServer);
  penstock::testing::SimulatedClock clock_;
  ProbedRootKey::Probe probe_;
};

TEST_CASE_METHOD(Fixture, "every statement fits the schema") {
  CHECK(penstock::testing::PrepareAll(*database_.Connect(Role::kServer), keys::kAllQueries) ==
        absl::OkStatus());
}

TEST_CASE_METHOD(Fixture, "the first root key is noted, and from then on it must be at hand") {
  CHECK(CheckRootKeys(*pool_, KeyringOf("a")) == absl::OkStatus());
  CHECK(CheckRootKeys(*pool_, KeyringOf("a")) == absl::OkStatus());
  const absl::Status wrong = CheckRootKeys(*pool_, KeyringOf("b"));
  CHECK(absl::IsFailedPrecondition(wrong));
  CHECK(ReasonOf(wrong) == "ROOT_KEY_MISSING");
  CHECK(MetadataOf(wrong, "root_key") == RootKeyOf('a')->id());
  // And nothing is left behind by the attempt.
  CHECK(Count("SELECT count(*) FROM connector.root_keys") == 1);
}

TEST_CASE_METHOD(Fixture, "two root keys are at hand during a change, in either order") {
  CHECK(CheckRootKeys(*pool_, KeyringOf("a")).ok());
  CHECK(CheckRootKeys(*pool_, KeyringOf("ab")).ok());  // for reading, before it wraps
  CHECK(Count("SELECT count(*) FROM connector.root_keys") == 1);
  CHECK(CheckRootKeys(*pool_, KeyringOf("ba")).ok());
  CHECK(Count("SELECT count(*) FROM connector.root_keys WHERE state = 'decrypt_only'") == 1);
  CHECK(CheckRootKeys(*pool_, KeyringOf("ab")).ok());  // back again
  CHECK(Count("SELECT count(*) FROM connector.root_keys WHERE state = 'active'") == 1);
  CHECK(ReasonOf(CheckRootKeys(*pool_, KeyringOf("a"))) == "ROOT_KEY_MISSING");
}

TEST_CASE_METHOD(Fixture, "a key of the right name that opens nothing is wrong") {
  REQUIRE(CheckRootKeys(*pool_, KeyringOf("a")).ok());
  Run("UPDATE connector.root_keys SET check_value = set_byte(check_value, 40, 255 - "
      "get_byte(check_value, 40))");
  CHECK(ReasonOf(CheckRootKeys(*pool_, KeyringOf("a"))) == "ROOT_KEY_WRONG");
}

TEST_CASE_METHOD(Fixture, "a root key that is retired can't be used again") {
  REQUIRE(CheckRootKeys(*pool_, KeyringOf("a")).ok());
  Run("UPDATE connector.root_keys SET state = 'destroyed'");
  CHECK(ReasonOf(CheckRootKeys(*pool_, KeyringOf("a"))) == "ROOT_KEY_DESTROYED");
  CHECK(CheckRootKeys(*pool_, KeyringOf("b")).ok());
}

TEST_CASE_METHOD(Fixture, "a root key that can't be asked at start is no wrong one") {
  const RootKeyring roots = Probed();
  REQUIRE(CheckRootKeys(*pool_, roots).ok());
  probe_.is_away = true;
  CHECK(absl::IsUnavailable(CheckRootKeys(*pool_, roots)));
}

TEST_CASE_METHOD(Fixture, "replicas that make a tenant's key at once make one") {
  const RootKeyring roots = KeyringOf("a");
  REQUIRE(CheckRootKeys(*pool_, roots).ok());
  std::vector<std::unique_ptr<TenantKeys>> replicas;
  for (int i = 0; i < 8; ++i) {
    replicas.push_back(std::make_unique<TenantKeys>(roots, *pool_, clock_));
  }
  std::vector<std::string> seen(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto key = replicas[i]->Active(tenant_);
      if (key.ok()) seen[i] = std::string((*key)->bytes.Reveal());
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(seen[0].size() == 32);
  CHECK(std::ranges::count(seen, seen[0]) == 8);
  CHECK(Count("SELECT count(*) FROM connector.tenant_keys") == 1);
}

TEST_CASE_METHOD(Fixture, "a tenant's key is unwrapped once in minutes, however many ask") {
  const RootKeyring roots = Probed();
  REQUIRE(CheckRootKeys(*pool_, roots).ok());
  TenantKeys keys(roots, *pool_, clock_);
  REQUIRE(keys.Active(tenant_).ok());
  probe_.unwraps = 0;
  keys.Forget(tenant_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { (void)keys.Version(tenant_, 1); });
  for (std::thread& thread : threads) thread.join();
  CHECK(probe_.unwraps == 1);
  clock_.Advance(absl::Minutes(4));
  CHECK(keys.Version(tenant_, 1).ok());
  CHECK(probe_.unwraps == 1);
  clock_.Advance(absl::Minutes(2));
  CHECK(keys.Version(tenant_, 1).ok());
  CHECK(probe_.unwraps == 2);
}

TEST_CASE_METHOD(
    Fixture, "while the root key is away the keys at hand are used, for an hour and no longer") {
  const RootKeyring roots = Probed();
  REQUIRE(CheckRootKeys(*pool_, roots).ok());
  TenantKeys keys(roots, *pool_, clock_);
  REQUIRE(keys.Active(tenant_).ok());
  CHECK(keys.status().root_problem.empty());
  probe_.is_away = true;
  clock_.Advance(absl::Minutes(6));
  probe_.unwraps = 0;
  CHECK(keys.Version(tenant_, 1).ok());
  CHECK(keys.Active(tenant_).ok());
  CHECK(keys.status().root_problem == "the root key is away");
  CHECK(keys.status().served_stale > 0);
  // It is not asked again for each use.
  const int asked = probe_.unwraps;
  CHECK(keys.Version(tenant_, 1).ok());
  CHECK(probe_.unwraps == asked);
  clock_.Advance(absl::Minutes(55));
  CHECK(absl::IsUnavailable(keys.Version(tenant_, 1).status()));
  probe_.is_away = false;
  CHECK(keys.Version(tenant_, 1).ok());
  CHECK(keys.status().root_problem.empty());
}

TEST_CASE_METHOD(Fixture, "no more keys are kept than were allowed") {
  const RootKeyring roots = KeyringOf("a");
  REQUIRE(CheckRootKeys(*pool_, roots).ok());
  TenantKeys keys(roots, *pool_, clock_, {.max_keys = 4});
  for (int i = 0; i < 10; ++i) {
    const auto other = penstock::testing::CreateTenant(database_, fmt::format("other-{}", i));
    REQUIRE(keys.Active(other.tenant).ok());
    clock_.Advance(absl::Seconds(1));
  }
  CHECK(keys.status().cached == 4);
}

TEST_CASE_METHOD(Fixture, "no key is made under a root key that this database does not know") {
  const RootKeyring roots = KeyringOf("a");
  TenantKeys keys(roots, *pool_, clock_);
  CHECK(absl::IsFailedPrecondition(keys.Active(tenant_).status()));
  CHECK(Count("SELECT count(*) FROM connector.tenant_keys") == 0);
}

// A keyring over a Vault.
struct VaultFixture : Fixture {
  RootKeyring Transit(const secrets::TokenRules& rules) {
    vault_.AllowAppRole("approle", "role", "planted-secret-id", rules);
    secrets::vault::Session::Options options;
    options.transport = {.address = vault_.address(), .ca_file = "", .timeout = absl::Seconds(10)};
    options.sleep = [this](absl::Duration pause) { clock_.Advance(pause); };
    auto session = std::make_unique<secrets::vault::Session>(
        std::move(options),
        secrets::vault::WithAppRole("approle", "role", secrets::vault::Always("planted-secret-id")),
        clock_);
    return Check(RootKeyring::Create(CreateTransitRootKey(std::make_unique<secrets::vault::Transit>(
                                         std::move(session), "transit", "penstock", "")),
                                     {}),
                 "keyring");
  }
  const secrets::TokenRules all_ = {
      .may_update = {"transit/encrypt/penstock", "transit/decrypt/penstock"}};
  secrets::FakeVault vault_{clock_};
};

TEST_CASE_METHOD(VaultFixture, "a key in Vault is a root key like any other") {
  vault_.RotateTransitKey("transit", "penstock");
  const RootKeyring roots = Transit(all_);
  REQUIRE(CheckRootKeys(*pool_, roots) == absl::OkStatus());
  TenantKeys keys(roots, *pool_, clock_);
  const std::string bytes(Check(keys.Active(tenant_), "make")->bytes.Reveal());
  keys.Forget(tenant_);
  CHECK(Check(keys.Active(tenant_), "load")->bytes.Reveal() == bytes);
  // Sealed: what is at hand goes on.
  vault_.SetSealed(true);
  clock_.Advance(absl::Minutes(6));
  CHECK(keys.Version(tenant_, 1).ok());
  CHECK_FALSE(keys.status().root_problem.empty());
  keys.Forget(tenant_);
  CHECK(absl::IsUnavailable(keys.Version(tenant_, 1).status()));
  vault_.SetSealed(false);
  CHECK(keys.Version(tenant_, 1).ok());
  // Another key of the same name opens nothing, and is refused at start.
  vault_.DeleteTransitKey("transit", "penstock");
  vault_.RotateTransitKey("transit", "penstock");
  keys.Forget(tenant_);
  CHECK(absl::IsDataLoss(keys.Version(tenant_, 1).status()));
  CHECK(ReasonOf(CheckRootKeys(*pool_, roots)) == "ROOT_KEY_WRONG");
}

TEST_CASE_METHOD(VaultFixture, "a key in Vault that may not be used is said so") {
  vault_.RotateTransitKey("transit", "penstock");
  CHECK(absl::IsPermissionDenied(CheckRootKeys(*pool_, Transit({}))));
}

class SettingsFixture {
 protected:
  absl::StatusOr<RootKeyring> Open(config::Environment environment) {
    config::Declarations declarations = DeclareKeySettings();
    for (const config::Setting& setting : secrets::DeclareSettings()) {
      declarations.push_back(setting);
    }
    return OpenRootKeys(
        Check(config::Settings::Parse(declarations, environment), "parse the settings"),
        environment, clock_);
  }
  std::string WrongSetting(const config::Environment& environment) {
    const absl::Status status = Open(environment).status();
    return status.ok() ? "none" : ViolationsOf(status).at(0).field;
  }
  static std::string Base64(char letter) { return crypto::Base64Encode(std::string(32, letter)); }
  RealClock clock_;
};

TEST_CASE_METHOD(SettingsFixture, "no service starts without a root key, or with half a one") {
  CHECK(WrongSetting({}) == "PENSTOCK_CONNECTOR_ROOT_KEY");
  CHECK(WrongSetting({{"PENSTOCK_CONNECTOR_ROOT_KEY", "planted"}}) ==
        "PENSTOCK_CONNECTOR_ROOT_KEY");
  CHECK(WrongSetting({{"PENSTOCK_CONNECTOR_ROOT_KEY", Base64('a')},
                      {"PENSTOCK_CONNECTOR_PREVIOUS_ROOT_KEYS", Base64('b') + ",planted"}}) ==
        "PENSTOCK_CONNECTOR_PREVIOUS_ROOT_KEYS");
  CHECK(WrongSetting({{"PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER", "transit"}}) ==
        "PENSTOCK_CONNECTOR_TRANSIT_KEY");
  CHECK(WrongSetting({{"PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER", "transit"},
                      {"PENSTOCK_CONNECTOR_TRANSIT_KEY", "../keys"}}) ==
        "PENSTOCK_CONNECTOR_TRANSIT_KEY");
  CHECK(WrongSetting({{"PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER", "transit"},
                      {"PENSTOCK_CONNECTOR_TRANSIT_KEY", "penstock"}}) == "VAULT_ADDR");
  const absl::Status status = Open({{"PENSTOCK_CONNECTOR_ROOT_KEY", "planted-root-key"}}).status();
  CHECK(status.message().find("planted") == absl::string_view::npos);
}

TEST_CASE_METHOD(SettingsFixture, "several root keys are at hand, the first of them wraps") {
  const auto roots = Open(
      {{"PENSTOCK_CONNECTOR_ROOT_KEY", Base64('a')},
       {"PENSTOCK_CONNECTOR_PREVIOUS_ROOT_KEYS", " " + Base64('b') + ", " + Base64('c') + "\n"},
       {"PENSTOCK_CONNECTOR_TRANSIT_KEY", "penstock"},
       {"VAULT_ADDR", "https://vault.example:8200"},
       {"VAULT_TOKEN", "planted"}});
  REQUIRE(roots.status() == absl::OkStatus());
  CHECK(roots->active().id() == RootKeyOf('a')->id());
  REQUIRE(roots->keys().size() == 4);
  CHECK(roots->keys()[3]->id() == "transit:transit/penstock");
  const auto transit = Open({{"PENSTOCK_CONNECTOR_ROOT_KEY_PROVIDER", "transit"},
                             {"PENSTOCK_CONNECTOR_ROOT_KEY", Base64('a')},
                             {"PENSTOCK_CONNECTOR_TRANSIT_KEY", "penstock"},
                             {"VAULT_ADDR", "https://vault.example:8200"},
                             {"VAULT_TOKEN", "planted"}});
  REQUIRE(transit.status() == absl::OkStatus());
  CHECK(transit->active().id() == "transit:transit/penstock");
  CHECK(transit->Find(RootKeyOf('a')->id()) != nullptr);
}

}  // namespace
}  // namespace penstock::connector
