// libcurl's reasons in our words.
#pragma once

#include <string_view>

#include "curl/curl.h"
#include "libs/egress/http.h"

namespace penstock::egress {

// `text` is libcurl's own description of what happened, or empty.
HttpFailure FailureOf(CURLcode code, std::string_view text);

}  // namespace penstock::egress
