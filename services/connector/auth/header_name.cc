#include "services/connector/auth/header_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace penstock::connector {
namespace {

constexpr std::string_view kFraming[] = {
    "connection", "content-encoding", "content-length",    "content-type", "expect", "keep-alive",
    "te",         "trailer",          "transfer-encoding", "upgrade"};
constexpr std::string_view kRouting[] = {"forwarded",      "host",      "via",
                                         "x-original-url", "x-real-ip", "x-rewrite-url"};
constexpr std::string_view kPrefixes[] = {"proxy-", "x-forwarded-", "x-http-method"};
constexpr std::string_view kCookies[] = {"cookie", "set-cookie"};
constexpr size_t kMaxBytes = 200;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool IsTokenCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsAnyOf(std::string_view name, const auto& names) {
  return std::ranges::any_of(names, [&](std::string_view other) {
    return absl::EqualsIgnoreCase(View(name), View(other));
  });
}

}  // namespace

std::string_view WrongHeaderName(std::string_view name) {
  if (name.empty() || name.size() > kMaxBytes || !std::ranges::all_of(name, IsTokenCharacter)) {
    return "must be a header name: 1 to 200 letters, digits and any of !#$%&'*+-.^_`|~";
  }
  if (IsAnyOf(name, kFraming)) return "is a header that frames the message and can't be set";
  const bool routes =
      IsAnyOf(name, kRouting) || std::ranges::any_of(kPrefixes, [&](std::string_view prefix) {
        return absl::StartsWithIgnoreCase(View(name), View(prefix));
      });
  if (routes) return "is a header that says where a message goes or comes from and can't be set";
  if (IsAnyOf(name, kCookies)) {
    return "is for cookies, which are placed with {\"in\": \"cookie\"}";
  }
  return {};
}

}  // namespace penstock::connector
