// Adds members to a body that is a JSON object and leaves every other byte of it as it was: numbers
// keep their digits.
#pragma once

#include "libs/egress/http.h"
#include "services/connector/auth/strategy.h"

namespace penstock::connector {

// `members` is an object. An empty body of a POST, PUT or PATCH becomes one. INVALID_ARGUMENT for
// any other body that is no object, is sent as something else than JSON, or has a member already.
absl::Status AddToBody(const Json& members, egress::HttpRequest& request);

}  // namespace penstock::connector
