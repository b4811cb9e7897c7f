// A response to bytes. Internal to the server.
#pragma once

#include <string>
#include <string_view>

#include "libs/http/message.h"

namespace penstock::http {

struct ResponseFraming {
  bool keep_alive = true;
  bool says_keep_alive = false;  // to HTTP/1.0, which assumes the opposite
  bool head_only = false;        // the request was HEAD
  std::string_view date;         // IMF-fixdate
  std::string_view request_id;   // empty = no header
};

// Appends status line, headers and the empty line. The body follows only if this returns true.
bool AppendHead(std::string& out, const Response& response, const ResponseFraming& framing);

}  // namespace penstock::http
