// What clients of an authorization server send, taken apart.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/egress/testing/script_server.h"

namespace penstock::connector::testing {

using OAuthForm = std::map<std::string, std::string>;

// Nothing for what is malformed or names a parameter twice, which RFC 6749 forbids.
std::optional<OAuthForm> ParseForm(std::string_view text);
// Of a form or of JSON.
std::optional<OAuthForm> ParseBody(const egress::ReceivedRequest& request);

// "" when there is none.
std::string Get(const OAuthForm& form, const std::string& name);

// Parted by spaces or commas.
std::vector<std::string> Words(const std::string& text);

}  // namespace penstock::connector::testing
