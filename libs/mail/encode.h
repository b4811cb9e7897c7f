// UTF-8 in a format that knows ASCII only: RFC 2047 for header fields, quoted-printable (RFC 2045)
// for text. Nothing here checks what it is given; libs/mail/compose.h does.
#pragma once

#include <string>
#include <string_view>

namespace penstock::mail {

// As it is when it is short plain ASCII, else as encoded words, folded onto lines of their own.
std::string EncodeSubject(std::string_view text);

// The name before an address: bare, quoted or encoded words.
std::string EncodeName(std::string_view name);

// Lines of at most 76 characters that end with CRLF, the last one too.
std::string QuotedPrintable(std::string_view text);

}  // namespace penstock::mail
