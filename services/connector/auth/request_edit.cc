#include "services/connector/auth/request_edit.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "libs/http/percent.h"
#include "libs/http/percent_encode.h"

namespace penstock::connector {
namespace {

bool Same(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

// "a+b%20c" names the parameter "a b c" to most servers. What does not decode is itself.
std::string NameOf(std::string_view parameter) {
  std::string name(parameter.substr(0, parameter.find('=')));
  std::ranges::replace(name, '+', ' ');
  return http::PercentDecode(name).value_or(name);
}

}  // namespace

const std::string* FindHeader(const egress::Headers& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return Same(header.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

void SetHeader(egress::Headers& headers, std::string_view name, std::string value) {
  std::erase_if(headers, [&](const auto& header) { return Same(header.first, name); });
  headers.emplace_back(std::string(name), std::move(value));
}

absl::StatusOr<UrlParts> UrlParts::Parse(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const size_t scheme = url.find("://");
  if (scheme == url.npos || scheme == 0) {
    return absl::InvalidArgumentError("the URL of the request has no scheme");
  }
  const size_t host = scheme + 3;
  const size_t path = std::min(url.find_first_of("/?", host), url.size());
  if (path == host) return absl::InvalidArgumentError("the URL of the request has no host");
  const size_t query = std::min(url.find('?', path), url.size());
  UrlParts parts{std::string(url.substr(0, path)), std::string(url.substr(path, query - path)),
                 query == url.size() ? std::string() : std::string(url.substr(query + 1))};
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

std::string UrlParts::Target() const { return query.empty() ? path : path + "?" + query; }

std::string UrlParts::ToString() const { return origin + Target(); }

void UrlParts::SetQuery(std::string_view name, std::string_view value, Writing writing) {
  std::string kept;
  for (std::string_view rest = query; !rest.empty();) {
    const size_t end = rest.find('&');
    const std::string_view parameter = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    if (parameter.empty() || NameOf(parameter) == name) continue;
    kept.append(parameter).append("&");
  }
  kept.append(http::PercentEncode(name)).append("=");
  kept.append(writing == Writing::kShown ? std::string(value) : http::PercentEncode(value));
  query = std::move(kept);
}

}  // namespace penstock::connector
