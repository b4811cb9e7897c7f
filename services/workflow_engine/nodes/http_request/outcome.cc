#include "services/workflow_engine/nodes/http_request/outcome.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "libs/egress/http.h"
#include "libs/json/quote.h"
#include "libs/json/validate.h"
#include "simdjson.h"

namespace penstock::workflow_engine {
namespace {

constexpr absl::Duration kLongestRetryAfter = absl::Hours(24);
constexpr size_t kShownBodyBytes = 300;

bool IsUtf8Text(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// Headers may carry Latin-1; what is not UTF-8 can't be stored as JSON.
std::string AsUtf8(std::string text) {
  if (IsUtf8Text(text)) return text;
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

std::string_view HeaderNamed(const HttpResponse& response, std::string_view name) {
  const auto found = std::ranges::find_if(response.headers,
                                          [&](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? std::string_view() : std::string_view(found->second);
}

bool HasJsonBody(const HttpResponse& response) {
  std::string type(HeaderNamed(response, "content-type"));
  type = absl::AsciiStrToLower(type.substr(0, type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return type == "application/json" || type.ends_with("+json");
}

void AppendBody(const HttpResponse& response, std::string& out) {
  out += ",\"body\":";
  if (HasJsonBody(response) && json::Validate(response.body).ok()) {
    out += response.body;
  } else if (IsUtf8Text(response.body)) {
    json::AppendQuoted(out, response.body);
  } else {
    json::AppendQuoted(out, absl::Base64Escape(response.body));
    out += ",\"bodyEncoding\":\"base64\"";
  }
}

bool IsTransient(int status) { return status == 408 || status == 429 || status >= 500; }

}  // namespace

std::string HttpOutput(const HttpResponse& response) {
  // A name that comes several times is one list, as RFC 9110 has it.
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : response.headers) {
    std::string& joined = headers[AsUtf8(name)];
    joined += joined.empty() ? AsUtf8(value) : ", " + AsUtf8(value);
  }
  std::string out = fmt::format("{{\"status\":{},\"headers\":{{", response.status);
  for (const auto& [name, value] : headers) {
    if (out.back() != '{') out += ',';
    json::AppendQuoted(out, name);
    out += ':';
    json::AppendQuoted(out, value);
  }
  out += '}';
  AppendBody(response, out);
  out += '}';
  return out;
}

NodeError HttpStatusError(const HttpResponse& response, const std::string& request, bool repeatable,
                          absl::Time now) {
  NodeError error;
  error.type = fmt::format("HTTP_{}", response.status);
  error.message = fmt::format("{} answered {}", request, response.status);
  const std::string body = response.body.substr(0, kShownBodyBytes);
  if (!body.empty()) error.message += ": " + AsUtf8(body);
  // 429 says that nothing was done.
  error.retryable = response.status == 429 || (repeatable && IsTransient(response.status));
  if (error.retryable) error.retry_after = RetryAfter(response, now);
  return error;
}

NodeError HttpFailureError(const HttpFailure& failure, bool repeatable) {
  NodeError error;
  error.type = failure.type;
  error.message = failure.message;
  // Without a connection nothing was sent; after that, who knows.
  constexpr std::string_view kNotSent[] = {egress::failure::kConnectFailed,
                                           egress::failure::kTlsFailed,
                                           egress::failure::kResourceExhausted};
  constexpr std::string_view kUnclear[] = {egress::failure::kTimeout,
                                           egress::failure::kBadResponse};
  error.retryable = std::ranges::find(kNotSent, failure.type) != std::end(kNotSent) ||
                    (repeatable && std::ranges::find(kUnclear, failure.type) != std::end(kUnclear));
  return error;
}

absl::Duration RetryAfter(const HttpResponse& response, absl::Time now) {
  const std::string value(HeaderNamed(response, "retry-after"));
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  absl::Duration delay = absl::ZeroDuration();
  absl::Time at;
  std::string reason;
  if (error == std::errc() && end == value.data() + value.size()) {
    delay = absl::Seconds(seconds);
  } else if (absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", value, &at, &reason)) {
    delay = at - now;
  }
  return std::clamp(delay, absl::ZeroDuration(), kLongestRetryAfter);
}

}  // namespace penstock::workflow_engine
