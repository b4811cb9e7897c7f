// How a process is told by what way it sends mail: the PENSTOCK_MAIL_* settings, and the mailer
// made of them.
//
//   config::Join({..., mail::DeclareSettings()})
//   ASSIGN_OR_RETURN(config.mail, mail::OptionsFrom(settings));
//   ASSIGN_OR_RETURN(mailer_, mail::Create(config.mail, clock));
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/config/environment.h"
#include "libs/config/setting.h"
#include "libs/config/settings.h"
#include "libs/mail/mailer.h"
#include "libs/mail/smtp_mailer.h"

namespace penstock::mail {

enum class Transport { kNone, kFile, kSmtp };

struct Options {
  Transport transport = Transport::kNone;
  Address from = {};
  std::string directory = {};  // of kFile
  SmtpOptions smtp = {};
};

config::Declarations DeclareSettings();

// INVALID_ARGUMENT with what does not fit together, one violation a setting.
absl::StatusOr<Options> OptionsFrom(const config::Settings& settings);
// The same for config::Program::check, of an environment in which each setting may be wrong by
// itself too; that is left to Settings::Parse.
absl::Status Check(const config::Environment& environment);

// With kNone a mailer that refuses every message with FAILED_PRECONDITION, reason MAIL_NOT_SET_UP.
// The clock outlives it.
absl::StatusOr<std::unique_ptr<Mailer>> Create(const Options& options, const Clock& clock);

}  // namespace penstock::mail
