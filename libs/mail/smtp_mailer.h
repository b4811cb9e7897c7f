// Mail by SMTP, one connection a message, by libcurl.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/crypto/secret.h"
#include "libs/mail/mailer.h"

namespace penstock::mail {

enum class StartTls {
  kRequired,  // the connection becomes TLS before anything is said that matters, or nothing is sent
  kOff,       // plain text; never with a password
};

struct SmtpOptions {
  std::string url;                           // smtp://host[:port] or smtps://host[:port]
  StartTls start_tls = StartTls::kRequired;  // of smtp://; smtps:// is TLS from the first byte
  std::string user;                          // empty = no sign-in
  std::shared_ptr<const crypto::Secret> password;
  std::string ca_file;  // PEM, in place of the system's; empty = the system's
  absl::Duration connect_timeout = absl::Seconds(5);
  absl::Duration timeout = absl::Seconds(30);  // for all of it
};

// INVALID_ARGUMENT with a violation of the settings (libs/mail/settings.h) for each thing that does
// not fit: a URL that is none, a user without password, a password that would travel in the clear.
absl::Status CheckSmtp(const SmtpOptions& options);

// INVALID_ARGUMENT as CheckSmtp. Connects to nobody yet. The clock outlives it.
absl::StatusOr<std::unique_ptr<Mailer>> CreateSmtpMailer(Address from, SmtpOptions options,
                                                         const Clock& clock);

}  // namespace penstock::mail
