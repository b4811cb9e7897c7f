// A message taken apart as a mail program does: headers unfolded and decoded, the body decoded.
#pragma once

#include <map>
#include <string>

namespace penstock::mail {

struct ParsedMail {
  std::map<std::string, std::string> headers;  // as UTF-8
  std::string text;                            // with LF
};

// Ends the process when `bytes` are no mail: a line without CRLF or too long (998 characters, 76
// with encoded words), bytes beyond ASCII, a header given twice, an encoding that is broken.
ParsedMail ParseMail(const std::string& bytes);

}  // namespace penstock::mail
