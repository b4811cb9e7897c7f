#include "services/migrate/passwords.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "libs/secrets/open.h"
#include "libs/status/macros.h"

namespace penstock::migrate {
namespace {

bool IsSet(const config::Environment& environment, const char* name) {
  auto found = environment.find(name);
  return found != environment.end() && !found->second.empty();
}

// One function a command.
struct Needed {
  const config::Environment& environment;

  std::vector<std::string> operator()(const MigrateCommand& command) const {
    if (command.mode == Mode::kApply && IsSet(environment, "DB_USER_SUPERUSER")) {
      return {"DATABASE_URL",      "DB_PASSWORD_OWNER",  "DB_PASSWORD_SUPERUSER",
              "DB_PASSWORD_ADMIN", "DB_PASSWORD_SERVER", "DB_PASSWORD_ENGINE"};
    }
    return {"DATABASE_URL", "DB_PASSWORD_OWNER"};
  }
  std::vector<std::string> operator()(const NewTenant&) const {
    return {"DATABASE_URL", "DB_PASSWORD_ADMIN"};
  }
  std::vector<std::string> operator()(const ApiKeyRequest&) const {
    return {"DATABASE_URL", "DB_PASSWORD_ADMIN"};
  }
  std::vector<std::string> operator()(const HelpCommand&) const { return {}; }
  std::vector<std::string> operator()(const VersionCommand&) const { return {}; }
};

}  // namespace

absl::StatusOr<secrets::Filled> FindPasswords(const Command& command,
                                              config::Environment environment, const Clock& clock) {
  const std::vector<std::string> names = std::visit(Needed{environment}, command);
  if (names.empty())
    return secrets::Filled{.environment = std::move(environment), .problems = {}, .looked_at = {}};
  ASSIGN_OR_RETURN(const secrets::Chain chain, secrets::OpenChain(environment, clock));
  return secrets::Fill(names, std::move(environment), chain);
}

}  // namespace penstock::migrate
