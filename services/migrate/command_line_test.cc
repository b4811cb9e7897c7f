#include "services/migrate/command_line.h"

#include <catch2/catch.hpp>

#include "libs/testing/check.h"

namespace penstock::migrate {
namespace {

using testing::Check;

template <typename T>
T Parse(const std::vector<std::string>& arguments) {
  Command command = Check(ParseCommandLine(arguments), "parse");
  REQUIRE(std::holds_alternative<T>(command));
  return std::get<T>(command);
}

TEST_CASE("without a word it migrates") {
  CHECK(Parse<MigrateCommand>({}).mode == Mode::kApply);
  CHECK(Parse<MigrateCommand>({"--dry-run"}).mode == Mode::kDryRun);
}

TEST_CASE("tenants and keys are described by flags in any order") {
  NewTenant tenant = Parse<NewTenant>({"create-tenant", "--name", "Acme Inc", "--slug", "acme"});
  CHECK(tenant.slug == "acme");
  CHECK(tenant.name == "Acme Inc");
  ApiKeyRequest key = Parse<ApiKeyRequest>({"create-api-key", "--role", "viewer", "--tenant", "acme", "--mode", "test"});
  CHECK(key.tenant_slug == "acme");
  CHECK(key.role == "viewer");
  CHECK(key.mode == auth::ApiKeyMode::kTest);
}

TEST_CASE("what it does not understand is refused by name") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--dryrun"}, "--dryrun"},
      {{"--dry-run", "now"}, "now"},
      {{"create-tenant", "--slug", "a"}, "--name"},
      {{"create-tenant", "--slug"}, "--slug"},
      {{"create-api-key", "--tenant", "a", "--role", "owner", "--color", "red"}, "--color"},
      {{"create-api-key", "--tenant", "a", "--role", "owner", "--mode", "dead"}, "--mode"},
  };
  for (const auto& [arguments, named] : wrong) {
    absl::Status status = ParseCommandLine(arguments).status();
    CHECK(absl::IsInvalidArgument(status));
    CHECK(std::string(status.message()).find(named) != std::string::npos);
  }
}

TEST_CASE("help names every command") {
  CHECK(HelpText().find("create-tenant") != std::string::npos);
  CHECK(HelpText().find("create-api-key") != std::string::npos);
  CHECK(HelpText().find("--dry-run") != std::string::npos);
}

}  // namespace
}  // namespace penstock::migrate
