// What a process is told, and tells, when it starts.
#include "libs/secrets/start.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "libs/config/database.h"
#include "libs/postgres/settings.h"
#include "libs/secrets/fill.h"
#include "libs/secrets/settings.h"
#include "libs/secrets/testing/fake_vault.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::secrets {
namespace {

config::Program Sample() {
  return {"sample", "Does a thing.",
          config::Join({{{.name = "PENSTOCK_KEY", .type = config::Type::kSecret, .help = "A key."},
                         {.name = "PENSTOCK_OTHER_KEY",
                          .type = config::Type::kSecret,
                          .default_text = "",
                          .help = "Another."}},
                        config::DeclareDatabase({"SERVER"}),
                        DeclareSettings()}),
          [](const config::Environment& environment) {
            auto lookup = config::LookupIn(environment);
            return lookup.ok()
                       ? postgres::ReadPoolOptions(postgres::Role::kServer, *lookup).status()
                       : lookup.status();
          }};
}

struct Outcome {
  std::variant<Started, int> start;
  std::string said;  // on stderr

  bool started() const { return std::holds_alternative<Started>(start); }
  const config::Settings& settings() const { return std::get<Started>(start).settings; }
  const config::Environment& environment() const { return std::get<Started>(start).environment; }
};

Outcome StartWith(config::Environment environment, std::vector<const char*> arguments = {}) {
  // Not the machine's own, whatever is in it.
  environment.try_emplace("SECRET_FS_BASE_PATH", "/tmp");
  arguments.insert(arguments.begin(), "sample");
  std::string path =
      std::string(std::getenv("TEST_TMPDIR") ? std::getenv("TEST_TMPDIR") : "/tmp") + "/stderr";
  std::fflush(stderr);
  const int kept = dup(2), file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  dup2(file, 2);
  testing::SimulatedClock clock;
  Outcome outcome{.start = Start(Sample(), arguments.size(), arguments.data(), environment, clock),
                  .said = ""};
  std::fflush(stderr);
  dup2(kept, 2);
  close(kept);
  close(file);
  std::ifstream in(path);
  outcome.said = {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return outcome;
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("secrets that the environment leaves out come from the chain") {
  testing::SimulatedClock clock;
  FakeVault vault(clock);
  vault.Write("kv", "app/secrets",
              {{"PENSTOCK_KEY", "vault-key"}, {"DB_PASSWORD_SERVER", "vault-password"}});
  Outcome outcome =
      StartWith({{"SECRET_READ_CHAIN", "env,vault"},
                 {"VAULT_ADDR", vault.address()},
                 {"VAULT_TOKEN", vault.MakeToken({.may_read = {"kv/data/app/secrets"}})},
                 {"PENSTOCK_OTHER_KEY", "environment-key"}});
  INFO(outcome.said);
  REQUIRE(outcome.started());
  CHECK(outcome.settings().Secret("PENSTOCK_KEY").Reveal() == "vault-key");
  CHECK(outcome.settings().Secret("PENSTOCK_OTHER_KEY").Reveal() == "environment-key");
  auto lookup = config::LookupIn(outcome.environment());
  REQUIRE(lookup.ok());
  CHECK(Contains(postgres::ReadPoolOptions(postgres::Role::kServer, *lookup)->conninfo,
                 "password='vault-password'"));
  CHECK(vault.counts().reads == 1);
}

TEST_CASE("a required secret that is nowhere is named with every place looked at") {
  Outcome outcome = StartWith({{"SECRET_ENV_PREFIX", "APP_"}});
  REQUIRE_FALSE(outcome.started());
  CHECK(std::get<int>(outcome.start) == 2);
  CHECK(Contains(
      outcome.said,
      "  PENSTOCK_KEY: required: A key. (looked at the file that PENSTOCK_KEY_FILE names, the "
      "environment variable APP_PENSTOCK_KEY, the file /tmp/PENSTOCK_KEY)\n"));
  CHECK(Contains(
      outcome.said,
      "  DB_PASSWORD_SERVER: is required to connect over the network (looked at the file that "
      "DB_PASSWORD_SERVER_FILE names, the environment variable APP_DB_PASSWORD_SERVER, the file "
      "/tmp/DB_PASSWORD_SERVER)\n"));
  CHECK_FALSE(Contains(outcome.said, "PENSTOCK_OTHER_KEY"));
}

TEST_CASE("a Vault that is away stops the start once, and says so for each secret") {
  testing::SimulatedClock clock;
  FakeVault vault(clock);
  vault.SetSealed(true);
  Outcome outcome = StartWith({{"SECRET_READ_CHAIN", "env,vault"},
                               {"VAULT_ADDR", vault.address()},
                               {"VAULT_TOKEN", "planted-token"},
                               {"VAULT_RETRY_TIMEOUT", "0s"},
                               {"DB_PORT", "fifty"}});
  INFO(outcome.said);
  REQUIRE_FALSE(outcome.started());
  CHECK(Contains(outcome.said, "  PENSTOCK_KEY: Vault at " + vault.address() + " is sealed"));
  CHECK(Contains(outcome.said, "  DB_PORT: "));
  CHECK_FALSE(Contains(outcome.said, "planted"));
  CHECK(vault.counts().requests == 1);
}

TEST_CASE("a chain that can't be made is told without guesses about secrets") {
  Outcome outcome = StartWith({{"SECRET_READ_CHAIN", "vault"}, {"DB_PORT", "fifty"}});
  REQUIRE_FALSE(outcome.started());
  CHECK(Contains(outcome.said, "  VAULT_ADDR: "));
  CHECK(Contains(outcome.said, "  DB_PORT: "));
  CHECK_FALSE(Contains(outcome.said, "PENSTOCK_KEY"));
}

TEST_CASE("NAME_FILE says where a secret is, whatever the chain") {
  const std::string path =
      std::string(std::getenv("TEST_TMPDIR") ? std::getenv("TEST_TMPDIR") : "/tmp") + "/key";
  std::ofstream(path) << "from its file\n";
  Outcome outcome = StartWith(
      {{"SECRET_READ_CHAIN", "filesystem"}, {"PENSTOCK_KEY_FILE", path}, {"DB_HOST", "/tmp"}});
  INFO(outcome.said);
  REQUIRE(outcome.started());
  CHECK(outcome.settings().Secret("PENSTOCK_KEY").Reveal() == "from its file");
}

TEST_CASE("a secret that is set where the chain does not look is not passed over in silence") {
  Outcome outcome = StartWith(
      {{"SECRET_READ_CHAIN", "filesystem"}, {"PENSTOCK_KEY", "planted"}, {"DB_HOST", "/tmp"}});
  REQUIRE_FALSE(outcome.started());
  CHECK(
      Contains(outcome.said,
               "  PENSTOCK_KEY: is set in the environment, and SECRET_READ_CHAIN looks at the file "
               "/tmp/PENSTOCK_KEY only\n"));
  CHECK_FALSE(Contains(outcome.said, "planted"));
}

TEST_CASE("names under a prefix of ours are not taken for misspelt settings") {
  Outcome outcome = StartWith({{"SECRET_ENV_PREFIX", "PENSTOCK_"},
                               {"PENSTOCK_PENSTOCK_KEY", "one"},
                               {"PENSTOCK_DB_PASSWORD_SERVER", "two"}});
  INFO(outcome.said);
  REQUIRE(outcome.started());
  CHECK(outcome.settings().Secret("PENSTOCK_KEY").Reveal() == "one");
  CHECK(outcome.settings().Secret("DB_PASSWORD_SERVER").Reveal() == "two");
}

TEST_CASE("help and mistakes on the command line ask nobody") {
  testing::SimulatedClock clock;
  FakeVault vault(clock);
  const config::Environment environment{
      {"SECRET_READ_CHAIN", "vault"}, {"VAULT_ADDR", vault.address()}, {"VAULT_TOKEN", "planted"}};
  CHECK(std::get<int>(StartWith(environment, {"--version"}).start) == 0);
  CHECK(std::get<int>(StartWith(environment, {"--verbose"}).start) == 2);
  CHECK(vault.counts().requests == 0);
}

TEST_CASE("what opens the chain is not looked for in it") {
  for (const std::string& name : SecretNames(Sample().declarations))
    CHECK_FALSE(name.starts_with("VAULT_"));
  CHECK(SecretNames(Sample().declarations) ==
        std::vector<std::string>{"PENSTOCK_KEY", "PENSTOCK_OTHER_KEY", "DATABASE_URL",
                                 "DB_PASSWORD_SERVER"});
}

}  // namespace
}  // namespace penstock::secrets
