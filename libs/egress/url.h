// An absolute http or https URL, parsed once by the parser that also makes the connection: what was
// checked is what is used.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "curl/curl.h"

namespace penstock::egress {

class Url {
 public:
  // INVALID_ARGUMENT for anything but scheme://host[:port][path][?query]; user info and zones are
  // refused, a fragment is dropped. Errors never repeat the text: a query may hold a secret.
  static absl::StatusOr<Url> Parse(const std::string& text);

  // What `reference`, as in a Location header, means seen from here.
  absl::StatusOr<Url> Resolve(const std::string& reference) const;

  const std::string& scheme() const { return scheme_; }
  // Lower case; names without the root's dot, IPv4 as four numbers, IPv6 without
  // brackets.
  const std::string& host() const { return host_; }
  uint16_t port() const { return port_; }
  bool SameOrigin(const Url& other) const;

  CURLU* raw() const { return handle_.get(); }

 private:
  struct Cleanup {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
  };
  using Handle = std::unique_ptr<CURLU, Cleanup>;
  static absl::StatusOr<Url> Set(Handle handle, const std::string& text, unsigned int flags);

  Handle handle_;
  std::string scheme_;
  std::string host_;
  uint16_t port_ = 0;
};

}  // namespace penstock::egress
