#include "services/migrate/passwords.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/secrets/testing/fake_vault.h"
#include "libs/testing/check.h"
#include "libs/testing/simulated_clock.h"

namespace penstock::migrate {
namespace {

// A Vault with the password of every role.
struct Fixture {
  Fixture() {
    vault.Write("kv", "app/secrets",
                {{"DB_PASSWORD_OWNER", "owner-pw"},
                 {"DB_PASSWORD_ADMIN", "admin-pw"},
                 {"DB_PASSWORD_SERVER", "server-pw"}});
    environment = {{"SECRET_READ_CHAIN", "env,vault"},
                   {"VAULT_ADDR", vault.address()},
                   {"VAULT_TOKEN", vault.MakeToken({.may_read = {"kv/data/app/secrets"}})}};
  }

  // "" = it was not looked for, or not found.
  std::string Password(const std::vector<std::string>& arguments, const std::string& name) {
    const Command command = testing::Check(ParseCommandLine(arguments), "parse");
    const secrets::Filled filled =
        testing::Check(FindPasswords(command, environment, clock), "find");
    CHECK(filled.problems.empty());
    auto found = filled.environment.find(name);
    return found == filled.environment.end() ? "" : found->second;
  }

  testing::SimulatedClock clock;
  secrets::FakeVault vault{clock};
  config::Environment environment;
};

TEST_CASE("each command is given the passwords that it needs, and no other") {
  Fixture fixture;
  CHECK(fixture.Password({}, "DB_PASSWORD_OWNER") == "owner-pw");
  CHECK(fixture.Password({}, "DB_PASSWORD_ADMIN") == "");
  const std::vector<std::string> create{"create-tenant", "--slug", "acme", "--name", "Acme"};
  CHECK(fixture.Password(create, "DB_PASSWORD_ADMIN") == "admin-pw");
  CHECK(fixture.Password(create, "DB_PASSWORD_OWNER") == "");
  fixture.environment["DB_USER_SUPERUSER"] = "postgres";
  CHECK(fixture.Password({}, "DB_PASSWORD_SERVER") == "server-pw");
  CHECK(fixture.Password({"--dry-run"}, "DB_PASSWORD_SERVER") == "");
}

TEST_CASE("help and version ask nobody") {
  Fixture fixture;
  CHECK(fixture.Password({"--help"}, "DB_PASSWORD_OWNER") == "");
  CHECK(fixture.Password({"--version"}, "DB_PASSWORD_OWNER") == "");
  CHECK(fixture.vault.counts().requests == 0);
}

TEST_CASE(
    "a Vault that is away is a problem of each password, and wrong settings of the chain one of "
    "theirs") {
  Fixture fixture;
  const Command command = MigrateCommand{};
  fixture.vault.SetSealed(true);
  fixture.environment["VAULT_RETRY_TIMEOUT"] = "0s";
  const secrets::Filled filled =
      testing::Check(FindPasswords(command, fixture.environment, fixture.clock), "find");
  REQUIRE(filled.problems.size() == 2);
  CHECK(filled.problems[1].field == "DB_PASSWORD_OWNER");
  fixture.environment["SECRET_READ_CHAIN"] = "vaults";
  CHECK(
      absl::IsInvalidArgument(FindPasswords(command, fixture.environment, fixture.clock).status()));
}

}  // namespace
}  // namespace penstock::migrate
