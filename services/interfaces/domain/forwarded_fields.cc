#include "services/interfaces/domain/forwarded_fields.h"

#include <algorithm>
#include <array>

#include "simdjson.h"

namespace penstock::interfaces {
namespace {

// Sorted. Hop by hop (RFC 9110 7.6.1 and its like), what frames the message, and credentials.
constexpr std::array<std::string_view, 13> kKeptBack{
    "authorization", "connection",          "content-length",   "cookie",     "expect",
    "keep-alive",    "proxy-authorization", "proxy-connection", "set-cookie", "te",
    "trailer",       "transfer-encoding",   "upgrade"};
static_assert(std::ranges::is_sorted(kKeptBack));

}  // namespace

bool IsForwarded(std::string_view lower_case_name) {
  return !std::ranges::binary_search(kKeptBack, lower_case_name);
}

void AssignText(std::string& to, std::string_view value) {
  if (simdjson::validate_utf8(value.data(), value.size())) {
    to.assign(value);
    return;
  }
  to.clear();
  for (unsigned char c : value) {
    if (c < 0x80) {
      to.push_back(static_cast<char>(c));
    } else {
      to.push_back(static_cast<char>(0xC0 | (c >> 6)));
      to.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
  }
}

}  // namespace penstock::interfaces
