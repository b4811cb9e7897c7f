#include "services/connector/outbound/header_rules.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

constexpr size_t kMaxHeaders = 50;
constexpr size_t kMaxNameBytes = 100;
constexpr size_t kMaxValueBytes = 8192;

constexpr std::string_view kRefused[] = {
    // Who it is from: the auth strategy's business.
    "authorization", "cookie", "cookie2", "x-amz-security-token", "x-amz-date",
    "x-amz-content-sha256",
    // What the message is and how it travels.
    "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect",
    "host", "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    // Another place than the URL's, or another method than the one that was checked.
    "forwarded", "via", "x-host", "x-http-host-override", "x-http-method", "x-http-method-override",
    "x-method-override", "x-original-host", "x-original-url", "x-rewrite-url",
    // Another sender than us.
    "cf-connecting-ip", "client-ip", "fastly-client-ip", "origin", "referer", "true-client-ip",
    "x-client-ip", "x-cluster-client-ip", "x-originating-ip", "x-real-ip", "x-remote-addr",
    "x-remote-ip"};
constexpr std::string_view kRefusedPrefixes[] = {"proxy-", "sec-", "x-forwarded", "x-envoy-",
                                                 "access-control-"};

bool IsTokenCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return lower;
}

bool IsRefused(std::string_view name) {
  return std::ranges::find(kRefused, name) != std::end(kRefused) ||
         std::ranges::any_of(kRefusedPrefixes,
                             [&](std::string_view prefix) { return name.starts_with(prefix); });
}

absl::Status CheckName(const std::string& name, const std::string& field) {
  const std::string lower = Lower(name);
  if (lower.empty() || lower.size() > kMaxNameBytes ||
      !std::ranges::all_of(lower, IsTokenCharacter)) {
    return InvalidField(field, "must have a name of letters, digits and hyphens");
  }
  // Servers that put headers into variables take both for the same.
  std::string hyphens = lower;
  std::ranges::replace(hyphens, '_', '-');
  if (IsRefused(hyphens)) {
    return InvalidField(field, fmt::format("{} can't be set by callers", lower));
  }
  return absl::OkStatus();
}

absl::Status CheckValue(const std::string& value, const std::string& field) {
  const bool printable = std::ranges::all_of(
      value, [](char c) { return c == '\t' || (static_cast<uint8_t>(c) >= 0x20 && c != 0x7f); });
  if (!printable) return InvalidField(field, "must have a value without control characters");
  if (value.size() > kMaxValueBytes) {
    return InvalidField(field,
                        fmt::format("must have a value of at most {} bytes", kMaxValueBytes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCallerHeaders(const egress::Headers& headers) {
  if (headers.size() > kMaxHeaders) {
    return InvalidField("headers", fmt::format("must be at most {}", kMaxHeaders));
  }
  for (size_t i = 0; i < headers.size(); ++i) {
    const std::string field = fmt::format("headers[{}]", i);
    RETURN_IF_ERROR(CheckName(headers[i].first, field));
    RETURN_IF_ERROR(CheckValue(headers[i].second, field));
  }
  return absl::OkStatus();
}

}  // namespace penstock::connector
