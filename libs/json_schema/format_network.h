// Formats of names and addresses on the net.
#pragma once

#include <string_view>

namespace penstock::json_schema {

bool IsHostname(std::string_view text);      // RFC 1123
bool IsEmail(std::string_view text);         // RFC 5321, without comments
bool IsIdnEmail(std::string_view text);      // RFC 6531
bool IsIpv4(std::string_view text);          // four decimal numbers
bool IsIpv6(std::string_view text);          // without a zone
bool IsUri(std::string_view text);           // RFC 3986, with a scheme
bool IsUriReference(std::string_view text);  // or relative
bool IsIri(std::string_view text);           // RFC 3987
bool IsIriReference(std::string_view text);

}  // namespace penstock::json_schema
