// Percent-encoding for URLs and forms. Decoding is percent.h's.
#pragma once

#include <string>
#include <string_view>

namespace penstock::http {

// RFC 3986's unreserved characters stay, every other byte becomes %XX: fit for any part of a URL.
std::string PercentEncode(std::string_view text);

// A name or value of application/x-www-form-urlencoded: a space becomes '+'.
std::string FormEncode(std::string_view text);

}  // namespace penstock::http
