#include "libs/http/response_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace penstock::http {
namespace {

// The server's own business: a handler that could set them could split or desynchronise responses.
constexpr std::array<std::string_view, 8> kFramingHeaders{
    "connection", "content-length",    "content-type", "date",
    "keep-alive", "transfer-encoding", "upgrade",      "x-request-id"};

bool IsToken(std::string_view name) {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
    return absl::ascii_isalnum(c) || kPunctuation.find(static_cast<char>(c)) != kPunctuation.npos;
  });
}

bool IsFieldValue(std::string_view value) {
  return std::ranges::all_of(value,
                             [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; });
}

bool IsFraming(std::string_view name) {
  return std::ranges::any_of(kFramingHeaders, [&](std::string_view framing) {
    return absl::EqualsIgnoreCase({framing.data(), framing.size()}, {name.data(), name.size()});
  });
}

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void AppendNumber(std::string& out, uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

bool AppendHead(std::string& out, const Response& response, const ResponseFraming& framing) {
  const bool may_have_body =
      response.status >= 200 && response.status != 204 && response.status != 304;
  out.append("HTTP/1.1 ");
  AppendNumber(out, response.status);
  out.push_back(' ');
  out.append(ReasonPhrase(response.status)).append("\r\n");
  if (may_have_body) {
    const bool odd_type = !IsFieldValue(response.content_type);
    AppendHeader(out, "Content-Type",
                 response.content_type.empty() || odd_type
                     ? "application/json"
                     : std::string_view(response.content_type));
    out.append("Content-Length: ");
    AppendNumber(out, response.body.size());
    out.append("\r\n");
  }
  AppendHeader(out, "Date", framing.date);
  if (!framing.request_id.empty()) AppendHeader(out, "X-Request-Id", framing.request_id);
  for (const auto& [name, value] : response.headers) {
    if (IsToken(name) && IsFieldValue(value) && !IsFraming(name)) AppendHeader(out, name, value);
  }
  if (!framing.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (framing.says_keep_alive) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  return may_have_body && !framing.head_only;
}

}  // namespace penstock::http
