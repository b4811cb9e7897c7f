// A message as bytes (RFC 5322): headers and body, lines ended by CRLF.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/mail/message.h"

namespace penstock::mail {

struct Composed {
  std::string id;  // of the Message-ID, without the part behind '@'
  std::string bytes;
};

// INVALID_ARGUMENT with a violation for each field that can't be sent: an address that is none,
// line breaks or other control characters in subject or names, an empty subject, what is not UTF-8
// or too long. A message without an id gets a new one.
absl::StatusOr<Composed> Compose(const Message& message, const Address& from, absl::Time date);

}  // namespace penstock::mail
