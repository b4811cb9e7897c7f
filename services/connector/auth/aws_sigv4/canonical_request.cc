#include "services/connector/auth/aws_sigv4/canonical_request.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "libs/http/percent.h"
#include "libs/http/percent_encode.h"
#include "services/connector/auth/dot_segment.h"

namespace penstock::connector {
namespace {

constexpr std::string_view kUnsigned[] = {"authorization", "connection",        "expect",
                                          "user-agent",    "transfer-encoding", "x-amzn-trace-id"};

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// RFC 3986, 5.2.4, and without empty segments.
std::string Normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::string_view segment : Split(path, '/')) {
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string result;
  for (std::string_view segment : kept) result.append("/").append(segment);
  const bool directory = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  return directory || result.empty() ? result + "/" : result;
}

std::string Collapsed(std::string_view value) {
  std::string result;
  for (std::string_view word : Split(value, ' ')) {
    if (!word.empty()) result.append(result.empty() ? "" : " ").append(word);
  }
  return result;
}

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

}  // namespace

absl::StatusOr<std::string> CanonicalPath(const std::string& path, PathRule rule) {
  if (rule == PathRule::kAsIs && HasDotSegment(path)) {
    return absl::InvalidArgumentError("a path with \".\" or \"..\" can't be signed for S3");
  }
  const std::string wanted = rule == PathRule::kAsIs ? path : Normalized(path);
  std::string canonical;
  for (std::string_view segment : Split(std::string_view(wanted).substr(1), '/')) {
    std::optional<std::string> text(segment);
    if (rule == PathRule::kAsIs) text = http::PercentDecode(segment);
    if (!text) return absl::InvalidArgumentError("the path is not percent-encoded UTF-8");
    canonical.append("/").append(http::PercentEncode(*text));
  }
  return canonical;
}

absl::StatusOr<std::string> CanonicalQuery(std::string_view query) {
  constexpr size_t kMaxParameters = 1000;
  const auto parameters = http::ParseQuery(query, kMaxParameters);
  if (!parameters) return absl::InvalidArgumentError("the query is not percent-encoded UTF-8");
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const auto& [name, value] : *parameters) {
    sorted.emplace_back(http::PercentEncode(name), http::PercentEncode(value));
  }
  std::ranges::sort(sorted);
  std::string canonical;
  for (const auto& [name, value] : sorted) {
    canonical.append(canonical.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return canonical;
}

CanonicalHeaders CanonicalHeadersOf(const egress::Headers& headers, std::string_view host) {
  std::map<std::string, std::string> values = {{"host", std::string(host)}};
  for (const auto& [name, value] : headers) {
    const std::string lower = Lower(name);
    if (std::ranges::find(kUnsigned, lower) != std::end(kUnsigned)) continue;
    const auto [at, is_new] = values.try_emplace(lower, Collapsed(value));
    if (!is_new) at->second.append(",").append(Collapsed(value));
  }
  CanonicalHeaders canonical;
  for (const auto& [name, value] : values) {
    canonical.lines.append(name).append(":").append(value).append("\n");
    canonical.signed_names.append(canonical.signed_names.empty() ? "" : ";").append(name);
  }
  return canonical;
}

}  // namespace penstock::connector
