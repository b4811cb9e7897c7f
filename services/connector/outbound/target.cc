#include "services/connector/outbound/target.h"

#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/header_rules.h"
#include "services/connector/outbound/resource_path.h"

namespace penstock::connector {
namespace {

constexpr size_t kMaxQuery = 200;
constexpr size_t kMaxUrlBytes = 8192;
constexpr size_t kMaxBodyBytes = 8 << 20;
constexpr std::string_view kMethods[] = {"GET",   "HEAD",   "POST",   "PUT",
                                         "PATCH", "DELETE", "OPTIONS"};

uint16_t StandardPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

std::string Bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
}

std::string PathOf(const egress::Url& url) {
  char* text = nullptr;
  if (curl_url_get(url.raw(), CURLUPART_PATH, &text, 0) != CURLUE_OK) return "";
  std::string path(text);
  curl_free(text);
  return path;
}

absl::StatusOr<std::string> QueryText(const ApiRequest& request) {
  if (request.query.size() > kMaxQuery) {
    return InvalidField("query", fmt::format("must have at most {} parameters", kMaxQuery));
  }
  std::string text;
  for (size_t i = 0; i < request.query.size(); ++i) {
    const auto& [name, value] = request.query[i];
    if (name.empty()) return InvalidField(fmt::format("query[{}]", i), "must have a name");
    text += fmt::format("{}{}={}", text.empty() ? '?' : '&', PercentEncoded(name),
                        PercentEncoded(value));
  }
  return text;
}

absl::Status CheckBody(const ApiRequest& request) {
  if (request.body.size() > kMaxBodyBytes) {
    return InvalidField("body", fmt::format("must be at most {} bytes", kMaxBodyBytes));
  }
  if (request.body.empty()) return absl::OkStatus();
  if (request.method == "HEAD" || request.method == "OPTIONS") {
    return InvalidField("body", fmt::format("must be empty for {}", request.method));
  }
  if (request.content_type.empty()) return InvalidField("content_type", "is needed with a body");
  return absl::OkStatus();
}

absl::StatusOr<egress::Headers> HeadersOf(const ApiRequest& request) {
  RETURN_IF_ERROR(CheckCallerHeaders(request.headers));
  egress::Headers headers = request.headers;
  if (request.content_type.empty()) return headers;
  const bool sane =
      request.content_type.size() <= 255 &&
      std::ranges::all_of(request.content_type, [](char c) { return c >= 0x20 && c < 0x7f; });
  if (!sane) return InvalidField("content_type", "must be a media type");
  headers.emplace_back("Content-Type", request.content_type);
  return headers;
}

}  // namespace

absl::StatusOr<Target::Place> Target::ParsePlace(const std::string& text, std::string_view field) {
  Place place;
  std::string host = text;
  if (host.starts_with("*.")) {
    place.any_below = true;
    host.erase(0, 2);
  }
  // "*", and whatever would make a URL of it that says something else than a host.
  if (host.find_first_of("*/?#@\\% \t\r\n") != std::string::npos) {
    return InvalidField(field, "must be a host, perhaps with a port");
  }
  const absl::StatusOr<egress::Url> url = egress::Url::Parse("https://" + host + "/");
  if (!url.ok()) return InvalidField(field, "must be a host, perhaps with a port");
  place.host = url->host();
  const size_t colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
  if (has_port) place.port = url->port();
  return place;
}

absl::StatusOr<Target> Target::Create(const std::string& base_url,
                                      const std::vector<std::string>& allowed_hosts) {
  if (base_url.find_first_of("?#") != std::string::npos) {
    return InvalidField("base_url", "must not have a query or a fragment");
  }
  const absl::StatusOr<egress::Url> url = egress::Url::Parse(base_url);
  // The parser forgives "https:///host".
  const size_t authority = base_url.find("://") + 3;
  const bool is_web = url.ok() && (url->scheme() == "https" || url->scheme() == "http") &&
                      authority == url->scheme().size() + 3 && base_url[authority] != '/';
  if (!is_web) return InvalidField("base_url", "must be https://host[:port][/path]");
  Target target;
  target.scheme_ = url->scheme();
  target.own_ = {.host = url->host(), .port = url->port()};
  target.origin_ = fmt::format("{}://{}", url->scheme(), Bracketed(url->host()));
  if (url->port() != StandardPort(url->scheme())) {
    target.origin_ += fmt::format(":{}", url->port());
  }
  // As it was written: the parser resolves dot segments, which shall not be there at all.
  const size_t slash = base_url.find('/', authority);
  if (slash != std::string::npos) {
    ASSIGN_OR_RETURN(std::string path, WirePath(base_url.substr(slash), "base_url"));
    if (path.ends_with('/')) path.pop_back();
    if (!path.empty()) target.base_path_ = fmt::format("/{}", path);
  }
  for (size_t i = 0; i < allowed_hosts.size(); ++i) {
    ASSIGN_OR_RETURN(Place place,
                     ParsePlace(allowed_hosts[i], fmt::format("allowed_hosts[{}]", i)));
    target.allowed_.push_back(std::move(place));
  }
  return target;
}

absl::StatusOr<egress::HttpRequest> Target::Build(const ApiRequest& request) const {
  if (std::ranges::find(kMethods, request.method) == std::end(kMethods)) {
    return InvalidField("method", "must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
  }
  ASSIGN_OR_RETURN(const std::string below, WirePath(request.resource_path, "resource_path"));
  ASSIGN_OR_RETURN(const std::string query, QueryText(request));
  ASSIGN_OR_RETURN(egress::Headers headers, HeadersOf(request));
  RETURN_IF_ERROR(CheckBody(request));
  std::string path = base_path_;
  if (!below.empty() || path.empty()) path += "/" + below;
  std::string url = origin_ + path + query;
  if (url.size() > kMaxUrlBytes) {
    return InvalidField("query", fmt::format("makes the URL longer than {} bytes", kMaxUrlBytes));
  }
  // The proof: what will be connected to, read by the parser that does it.
  const absl::StatusOr<egress::Url> parsed = egress::Url::Parse(url);
  if (!parsed.ok() || !IsOrigin(*parsed) || PathOf(*parsed) != path) {
    return InvalidField("resource_path", "must stay below the connector's base URL");
  }
  return egress::HttpRequest{.method = request.method,
                             .url = std::move(url),
                             .headers = std::move(headers),
                             .body = request.body,
                             .max_redirects = 0};
}

bool Target::IsOrigin(const egress::Url& url) const {
  return url.scheme() == scheme_ && url.host() == own_.host && url.port() == own_.port;
}

absl::Status Target::CheckOrigin(const std::string& url) const {
  const absl::StatusOr<egress::Url> parsed = egress::Url::Parse(url);
  if (parsed.ok() && IsOrigin(*parsed)) return absl::OkStatus();
  return absl::InvalidArgumentError("not on the host that the connector was made for");
}

bool Target::Admits(const egress::Url& url) const {
  if (IsOrigin(url)) return true;
  if (url.scheme() != "https" && url.scheme() != scheme_) return false;
  return std::ranges::any_of(allowed_, [&](const Place& place) {
    const uint16_t port = place.port != 0 ? place.port : StandardPort(url.scheme());
    const bool same =
        place.any_below ? url.host().ends_with("." + place.host) : url.host() == place.host;
    return same && url.port() == port;
  });
}

}  // namespace penstock::connector
