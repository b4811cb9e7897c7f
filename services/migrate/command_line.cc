#include "services/migrate/command_line.h"

#include <map>
#include <set>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::migrate {
namespace {

using Words = std::vector<std::string>;
using Flags = std::map<std::string, std::string>;

// "--name value" pairs from the second argument on; `required` and `optional` name them.
absl::StatusOr<Flags> ParseFlags(const Words& arguments, const std::set<std::string>& required,
                                 const std::set<std::string>& optional) {
  Flags flags;
  for (size_t i = 1; i < arguments.size(); i += 2) {
    const std::string& name = arguments[i];
    if (!required.contains(name) && !optional.contains(name)) {
      return absl::InvalidArgumentError(fmt::format("{} does not know {}", arguments[0], name));
    }
    if (i + 1 == arguments.size()) return absl::InvalidArgumentError(fmt::format("{} needs a value", name));
    flags[name] = arguments[i + 1];
  }
  for (const std::string& name : required) {
    if (!flags.contains(name)) {
      return absl::InvalidArgumentError(fmt::format("{} needs {}", arguments[0], name));
    }
  }
  return flags;
}

absl::StatusOr<Command> ParseCreateTenant(const Words& arguments) {
  ASSIGN_OR_RETURN(Flags flags, ParseFlags(arguments, {"--slug", "--name"}, {}));
  return NewTenant{.slug = flags["--slug"], .name = flags["--name"]};
}

absl::StatusOr<Command> ParseCreateApiKey(const Words& arguments) {
  ASSIGN_OR_RETURN(Flags flags, ParseFlags(arguments, {"--tenant", "--role"}, {"--name", "--mode"}));
  ApiKeyRequest request{.tenant_slug = flags["--tenant"], .role = flags["--role"]};
  if (flags.contains("--name")) request.name = flags["--name"];
  const std::string mode = flags.contains("--mode") ? flags["--mode"] : "live";
  if (mode != "live" && mode != "test") {
    return absl::InvalidArgumentError("--mode is live or test");
  }
  request.mode = mode == "live" ? auth::ApiKeyMode::kLive : auth::ApiKeyMode::kTest;
  return request;
}

}  // namespace

absl::StatusOr<Command> ParseCommandLine(const Words& arguments) {
  if (arguments.empty()) return MigrateCommand{};
  const std::string& first = arguments[0];
  if (first == "create-tenant") return ParseCreateTenant(arguments);
  if (first == "create-api-key") return ParseCreateApiKey(arguments);
  if (arguments.size() > 1) {
    return absl::InvalidArgumentError(fmt::format("unexpected argument {}", arguments[1]));
  }
  if (first == "--dry-run") return MigrateCommand{Mode::kDryRun};
  if (first == "--help") return HelpCommand{};
  if (first == "--version") return VersionCommand{};
  return absl::InvalidArgumentError(fmt::format("unknown argument {}", first));
}

std::string HelpText() {
  return R"(penstock-migrate - brings Penstock's database to the schema of this release

Usage:
  penstock-migrate                run the migrations that are missing, all or none
  penstock-migrate --dry-run      run them and roll back
  penstock-migrate create-tenant --slug SLUG --name NAME
                                  make a tenant with its default project and task queue; prints its id
  penstock-migrate create-api-key --tenant SLUG --role ROLE [--name NAME] [--mode live|test]
                                  make an API key (owner, admin, developer, operator or viewer); prints it, once
  penstock-migrate --help | --version

Settings, from the environment (each password also from the file that NAME_FILE names):
  DB_HOST, DB_PORT, DB_NAME_SERVER, DB_SSLMODE, DB_POOLER, or DATABASE_URL
                                  where the database is
  DB_USER_OWNER, DB_PASSWORD_OWNER
                                  who runs migrations (penstock_owner)
  DB_USER_ADMIN, DB_PASSWORD_ADMIN
                                  who makes tenants and keys (penstock_admin)
  DB_USER_SUPERUSER, DB_PASSWORD_SUPERUSER
                                  when set, first makes the roles and the database where they are missing, with
                                  DB_PASSWORD_OWNER, _ADMIN, _SERVER and _ENGINE as the passwords of the roles
  SECRET_READ_CHAIN, SECRET_ENV_PREFIX, SECRET_FS_BASE_PATH, VAULT_*
                                  where passwords are that are not in the environment, as of the services
                                  (docs/guides/secrets.md)
)";
}

}  // namespace penstock::migrate
