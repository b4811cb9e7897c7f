// What penstock-migrate can be asked for, as words.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "services/migrate/bootstrap/api_key.h"
#include "services/migrate/bootstrap/tenant.h"
#include "services/migrate/migrate.h"

namespace penstock::migrate {

struct MigrateCommand {
  Mode mode = Mode::kApply;
};
struct HelpCommand {};
struct VersionCommand {};

using Command = std::variant<MigrateCommand, NewTenant, ApiKeyRequest, HelpCommand, VersionCommand>;

// `arguments` without the program's name. INVALID_ARGUMENT says which argument is wrong.
absl::StatusOr<Command> ParseCommandLine(const std::vector<std::string>& arguments);

std::string HelpText();

}  // namespace penstock::migrate
