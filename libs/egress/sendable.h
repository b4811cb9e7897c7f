// Whether a method and headers can be put on the wire without saying something else there.
#pragma once

#include "absl/status/status.h"
#include "libs/egress/http.h"

namespace penstock::egress {

// INVALID_ARGUMENT for a method that is no token or opens a tunnel, a header that is malformed, and
// headers that frame the message or choose another host than the URL. Errors name a header, never
// its value.
absl::Status CheckSendable(const HttpRequest& request);

}  // namespace penstock::egress
