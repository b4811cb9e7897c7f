// Mail into a directory, one .eml file a message, for a development machine and for tests: nobody
// gets any.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/mail/mailer.h"

namespace penstock::mail {

// Makes the directory (mode 0700) where it is missing. A file appears whole, under its name, or not
// at all; mode 0600, named by time and Message-ID. INVALID_ARGUMENT when the directory can't be
// used.
absl::StatusOr<std::unique_ptr<Mailer>> CreateFileMailer(Address from, std::string directory,
                                                         const Clock& clock);

}  // namespace penstock::mail
