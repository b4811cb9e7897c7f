// Which headers an auth_config may name.
#pragma once

#include <string_view>

namespace penstock::connector {

// What is wrong with it, or empty: it is no token, or one that frames the message or says where it
// goes (Host, Content-Length, Transfer-Encoding, X-Forwarded-For, ...). Cookie is not among them:
// it has a placement of its own, {"in": "cookie"}.
std::string_view WrongHeaderName(std::string_view name);

}  // namespace penstock::connector
