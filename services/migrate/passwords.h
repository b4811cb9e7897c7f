// Where penstock-migrate's passwords come from: the environment, and what SECRET_READ_CHAIN names.
#pragma once

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/secrets/fill.h"
#include "services/migrate/command_line.h"

namespace penstock::migrate {

// Looks for the passwords that this command may need and no other; for --help and --version nobody
// is asked. INVALID_ARGUMENT when the chain's own settings are wrong.
absl::StatusOr<secrets::Filled> FindPasswords(const Command& command,
                                              config::Environment environment, const Clock& clock);

}  // namespace penstock::migrate
