#include "libs/egress/sendable.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "fmt/format.h"

namespace penstock::egress {
namespace {

constexpr size_t kMaxHeaders = 100;
constexpr size_t kMaxHeaderBytes = 64 << 10;

constexpr std::string_view kNotForCallers[] = {"connection",
                                               "content-length",
                                               "expect",
                                               "host",
                                               "keep-alive",
                                               "proxy-authorization",
                                               "te",
                                               "trailer",
                                               "upgrade",
                                               "transfer-encoding",
                                               "proxy-connection"};

// RFC 9110 token.
bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

bool IsForbidden(const std::string& name) {
  return std::any_of(std::begin(kNotForCallers), std::end(kNotForCallers),
                     [&](std::string_view forbidden) {
                       return absl::EqualsIgnoreCase(name, {forbidden.data(), forbidden.size()});
                     });
}

}  // namespace

absl::Status CheckSendable(const HttpRequest& request) {
  if (!IsToken(request.method) || request.method.size() > 32) {
    return absl::InvalidArgumentError("the method is not a token");
  }
  if (request.method == "CONNECT" || request.method == "TRACE") {
    return absl::InvalidArgumentError(fmt::format("the method {} is not allowed", request.method));
  }
  if (request.headers.size() > kMaxHeaders) {
    return absl::InvalidArgumentError(fmt::format("more than {} headers", kMaxHeaders));
  }
  size_t bytes = 0;
  for (const auto& [name, value] : request.headers) {
    bytes += name.size() + value.size() + 4;
    if (!IsToken(name)) return absl::InvalidArgumentError("a header name is not a token");
    if (IsForbidden(name)) {
      return absl::InvalidArgumentError(fmt::format("the header {} can't be set", name));
    }
    if (!IsFieldValue(value)) {
      return absl::InvalidArgumentError(
          fmt::format("the value of header {} has control characters", name));
    }
  }
  if (bytes > kMaxHeaderBytes) {
    return absl::InvalidArgumentError(fmt::format("headers exceed {} bytes", kMaxHeaderBytes));
  }
  return absl::OkStatus();
}

}  // namespace penstock::egress
