// Carries out one command of penstock-migrate.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/postgres/settings.h"
#include "services/migrate/command_line.h"

namespace penstock::migrate {

struct Output {
  std::string result;   // for stdout: what a script wants, a tenant's id or a key
  std::string message;  // for stderr: what a person wants
};

absl::StatusOr<Output> Run(const Command& command, const postgres::Lookup& settings,
                           const Clock& clock);

}  // namespace penstock::migrate
