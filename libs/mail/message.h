// What is written to a person: one recipient, a subject, plain text.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace penstock::mail {

struct Address {
  std::string name = {};  // UTF-8, as people write it; may be empty
  std::string email;      // ASCII: local@domain
};

struct Message {
  Address to;
  std::string subject;  // UTF-8, one line
  std::string text;     // UTF-8; lines end with LF or CRLF
  // What the Message-ID is made of, [A-Za-z0-9._-]{1,128}; the same for a message that is sent
  // again, so that mailboxes can tell. Empty = a new one.
  std::string id = {};
};

// "ada@example.com" or "Ada Lovelace <ada@example.com>". INVALID_ARGUMENT says what is wrong.
absl::StatusOr<Address> ParseAddress(const std::string& text);

// INVALID_ARGUMENT unless `email` is local@domain in plain ASCII, at most 254 characters, without
// quotes, blanks or control characters: nothing that could end a header line or an SMTP command.
absl::Status CheckEmail(const std::string& email);

}  // namespace penstock::mail
