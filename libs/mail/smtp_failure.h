// Why a mail server did not take a message, and whether it may later.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "curl/curl.h"

namespace penstock::mail {

// The code of a reply that refuses ("550 5.1.1 No such user"): its three digits and, where it has
// one, the enhanced code of RFC 3463; "" for any other line. Never the words, which may hold
// anything.
std::string RefusalIn(std::string_view reply_line);

// `code` is libcurl's, `text` its words for it, `reply_code` the last reply of the server (0 =
// none), `refusal` of RefusalIn for the last one that refused. FAILED_PRECONDITION (MAIL_REFUSED)
// or UNAVAILABLE (MAIL_UNAVAILABLE), with the server's code in the metadata as "smtp".
absl::Status FailureOf(CURLcode code, std::string_view text, long reply_code,
                       const std::string& refusal);

}  // namespace penstock::mail
