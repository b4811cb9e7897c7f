#include "services/interfaces/front_door/cors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"

namespace penstock::interfaces {
namespace {

constexpr char kAllowedHeaders[] =
    "authorization, content-type, grpc-timeout, traceparent, x-request-id, x-request-timeout";
constexpr char kExposedHeaders[] = "retry-after, x-request-id";

// scheme "://" host [":" port], and nothing behind it.
bool IsOrigin(absl::string_view text) {
  absl::string_view host = text;
  if (absl::StartsWith(text, "https://")) {
    host.remove_prefix(8);
  } else if (absl::StartsWith(text, "http://")) {
    host.remove_prefix(7);
  } else {
    return false;
  }
  return !host.empty() && std::ranges::all_of(host, [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '.' || c == ':' ||
           c == '[' || c == ']';
  });
}

}  // namespace

absl::StatusOr<CorsPolicy> CorsPolicy::Parse(std::string_view origins) {
  CorsPolicy policy;
  const absl::string_view text(origins.data(), origins.size());
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    part = absl::StripAsciiWhitespace(part);
    if (part == "*") {
      policy.any_ = true;
    } else if (IsOrigin(part)) {
      policy.origins_.emplace_back(part);
    } else {
      return absl::InvalidArgumentError(
          fmt::format("\"{}\" is no origin: give scheme, host and port in lower case, as in "
                      "https://app.example.com",
                      std::string(part)));
    }
  }
  return policy;
}

std::string CorsPolicy::AllowedOrigin(const http::Request& request) const {
  const std::string_view origin = request.FindHeader("origin");
  if (origin.empty()) return "";
  if (any_) return "*";
  return std::ranges::find(origins_, origin) == origins_.end() ? "" : std::string(origin);
}

void CorsPolicy::Mark(std::string_view allowed_origin, http::Response& response) const {
  if (!any_ && !origins_.empty()) response.headers.emplace_back("Vary", "Origin");
  if (allowed_origin.empty()) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", allowed_origin);
  response.headers.emplace_back("Access-Control-Expose-Headers", kExposedHeaders);
}

void CorsPolicy::MarkPreflight(std::string_view methods, http::Response& response) const {
  response.headers.emplace_back("Access-Control-Allow-Methods", methods);
  response.headers.emplace_back("Access-Control-Allow-Headers", kAllowedHeaders);
  response.headers.emplace_back("Access-Control-Max-Age", "600");
}

}  // namespace penstock::interfaces
