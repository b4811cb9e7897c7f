// Sends mail; by what way is a matter of settings (libs/mail/settings.h).
//
//   absl::Status sent = mailer.Send({.to = {"Ada", "ada@example.com"}, .subject = "...", .text =
//   "..."}); if (mail::MayPass(sent)) ...  // worth another try later
#pragma once

#include "absl/status/status.h"
#include "libs/mail/message.h"

namespace penstock::mail {

// Reasons (ErrorInfo) of errors.
inline constexpr char kRefused[] =
    "MAIL_REFUSED";  // permanent: the same again would be refused again
inline constexpr char kUnavailable[] = "MAIL_UNAVAILABLE";  // transient
inline constexpr char kNotSetUp[] = "MAIL_NOT_SET_UP";      // PENSTOCK_MAIL_TRANSPORT=none

class Mailer {
 public:
  virtual ~Mailer() = default;

  // Blocks until the message is taken over, for at most the time that the settings give and a
  // second; safe from any thread, not from an io thread. OK means accepted, not read.
  // INVALID_ARGUMENT: the message is none (address, line breaks in the subject, not UTF-8).
  // FAILED_PRECONDITION: refused for good (no such mailbox, wrong password, no TLS), or no mail is
  // set up. UNAVAILABLE: may pass (greylisted, busy, can't be reached, timed out); the message may
  // have been taken all the same when only the answer was lost.
  // No error holds a password, an address or text of the message.
  virtual absl::Status Send(const Message& message) = 0;
};

inline bool MayPass(const absl::Status& status) { return absl::IsUnavailable(status); }

}  // namespace penstock::mail
