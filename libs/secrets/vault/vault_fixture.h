// What the tests of a login and of a KV secret start from.
#pragma once

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "libs/secrets/testing/fake_vault.h"
#include "libs/secrets/vault/kv_provider.h"
#include "libs/secrets/vault/login.h"
#include "libs/secrets/vault/session.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::secrets::vault {

inline constexpr char kPath[] = "kv/data/app/secrets";
inline constexpr char kName[] = "DB_PASSWORD_SERVER";

inline Load Always(std::string value) {
  return [value]() -> absl::StatusOr<crypto::Secret> { return crypto::Secret(value); };
}

inline std::string TempFile(const std::string& name, const std::string& contents) {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory != nullptr ? directory : "/tmp") + "/" + name;
  std::ofstream(path) << contents;
  return path;
}

inline Load FromFile(const std::string& path) {
  return [path] { return crypto::ReadSecretFile(path); };
}

inline bool Says(const absl::Status& status, std::string_view words) {
  return std::string(status.message()).find(words) != std::string::npos;
}

// A Vault with one password that the AppRole "role" may read, and a provider that reads each time.
struct Fixture {
  explicit Fixture(TokenRules rules = {}) {
    rules.may_read.push_back(kPath);
    vault.Write("kv", "app/secrets", {{kName, "planted-password"}});
    vault.AllowAppRole("approle", "role", "planted-secret-id", rules);
    provider = Make(WithAppRole("approle", "role", Always("planted-secret-id")));
  }

  Session::Options OptionsFor(const std::string& address) {
    Session::Options options;
    options.transport = {.address = address, .ca_file = "", .timeout = absl::Seconds(10)};
    options.sleep = [this](absl::Duration pause) {
      ++pauses;
      clock.Advance(pause);
    };
    return options;
  }

  std::unique_ptr<Provider> Make(LogIn log_in, absl::Duration max_age = absl::ZeroDuration()) {
    return CreateKvProvider(
        std::make_unique<Session>(OptionsFor(vault.address()), std::move(log_in), clock),
        {"kv", "app/secrets"}, "", clock, max_age);
  }

  // "" = not there.
  std::string Read(const std::string& name = kName) {
    auto secret = provider->Find(name);
    if (!secret.ok()) return "error: " + std::string(secret.status().message());
    return *secret ? std::string((*secret)->Reveal()) : "";
  }
  absl::Status StatusOf(const std::string& name = kName) { return provider->Find(name).status(); }

  testing::SimulatedClock clock;
  FakeVault vault{clock};
  int pauses = 0;
  std::unique_ptr<Provider> provider;
};

}  // namespace penstock::secrets::vault
