// Which headers a caller may put on a request to a third party. Pure.
#pragma once

#include "absl/status/status.h"
#include "libs/egress/http.h"

namespace penstock::connector {

// INVALID_ARGUMENT, naming headers[i], for names that are malformed, frame the message, choose
// another host or path, claim another origin or sender, or authenticate: Host, Authorization,
// Cookie, Proxy-*, X-Forwarded-*, ... All others may be set, as vendors make up their own
// (Notion-Version, Stripe-Account). Values must be free of control characters. An error never
// repeats a value.
absl::Status CheckCallerHeaders(const egress::Headers& headers);

}  // namespace penstock::connector
