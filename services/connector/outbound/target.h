// Where a connector may send: from its base URL and a caller's structured request to a URL that is
// provably on the connector's host. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/egress/http.h"
#include "libs/egress/url.h"

namespace penstock::connector {

// What a caller asks for. Never a URL.
struct ApiRequest {
  std::string method = "GET";  // GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS
  std::string resource_path = {};
  std::vector<std::pair<std::string, std::string>> query = {};  // decoded; in order
  egress::Headers headers = {};
  std::string body = {};
  std::string content_type = {};  // needed with a body
};

class Target {
 public:
  // `allowed_hosts`: "files.example.com", "files.example.com:8443" or "*.example.com", beyond the
  // base URL's own. INVALID_ARGUMENT names base_url or allowed_hosts[i]. A base URL has no user
  // info, query or fragment; whether the world behind it may be reached is the egress guard's
  // business.
  static absl::StatusOr<Target> Create(const std::string& base_url,
                                       const std::vector<std::string>& allowed_hosts);

  // Lower case, without the port.
  const std::string& host() const { return own_.host; }

  // A request without credentials. INVALID_ARGUMENT names the field that is wrong: resource_path,
  // query[i], headers[i], ... No error repeats what was given.
  absl::StatusOr<egress::HttpRequest> Build(const ApiRequest& request) const;

  // Whether it is on the origin (scheme, host, port) that credentials are for.
  bool IsOrigin(const egress::Url& url) const;
  // The same of a text. INVALID_ARGUMENT unless it is one.
  absl::Status CheckOrigin(const std::string& url) const;

  // Whether a redirect may lead there: the origin, or an allowed host. Never from https to http.
  bool Admits(const egress::Url& url) const;

 private:
  struct Place {
    std::string host;        // ASCII, lower case
    uint16_t port = 0;       // 0 = the scheme's own
    bool any_below = false;  // of "*.": hosts below `host`, not the host itself
  };
  static absl::StatusOr<Place> ParsePlace(const std::string& text, std::string_view field);

  std::string scheme_;
  std::string origin_;     // "https://api.example.com:8443"
  std::string base_path_;  // "" or "/v1"
  Place own_;
  std::vector<Place> allowed_;
};

}  // namespace penstock::connector
