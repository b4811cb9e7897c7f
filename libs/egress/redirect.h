// What a redirect makes of a request. Pure.
#pragma once

#include <optional>
#include <string>

#include "libs/egress/http.h"
#include "libs/egress/url.h"

namespace penstock::egress {

// The Location to follow, if the response is a redirect that has one.
std::optional<std::string> RedirectTarget(const HttpResponse& response);

// Turns `request` into what is to be sent to `to` after `from` answered with `status`: POST becomes
// GET where browsers do so, and on the way to another origin only headers that describe the message
// are kept; any other may be a credential. They do not come back when a later redirect returns to
// the first origin.
void FollowRedirect(HttpRequest& request, int status, const Url& from, const Url& to);

}  // namespace penstock::egress
