// The path of a request as its caller writes it, relative to the connector's base URL. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace penstock::connector {

// `text` as it goes on the wire behind the base URL's path: without a leading slash, characters
// that have no place in a path percent-encoded. "/users/a b" becomes "users/a%20b", "" stays "".
//
// INVALID_ARGUMENT, naming `field`, for whatever some server could read as another place than below
// the base path, however often it decodes: dot segments, empty segments, backslashes, control
// characters, bytes that are not UTF-8, malformed escapes; and for a query or fragment. An encoded
// slash is fine ("projects/group%2Frepo") as long as what it separates is.
absl::StatusOr<std::string> WirePath(std::string_view text, std::string_view field);

// `text` with everything but letters, digits and "-._~" percent-encoded.
std::string PercentEncoded(std::string_view text);
// Escapes decoded once; what is no escape stays.
std::string PercentDecoded(std::string_view text);

}  // namespace penstock::connector
