// Where requests made on behalf of tenants may go (requirement C5). Pure: it is asked about a
// target before anything is resolved, and about each address before a connection is made and again
// before a request is written to it.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/egress/allow_list.h"
#include "libs/egress/ip_address.h"

namespace penstock::egress {

enum class PlainHttp {
  kRefused,
  kAllowed,  // http:// as well, on port 80 and those that the allow-list names
};

class Guard {
 public:
  // `allow` as AllowList::Parse takes it.
  static absl::StatusOr<Guard> Create(std::string_view allow, PlainHttp plain_http);

  // PERMISSION_DENIED when no address could make this target right. All in lower case.
  absl::Status CheckTarget(std::string_view scheme, uint16_t port) const;

  // PERMISSION_DENIED unless `host`, being at `address`, may be connected to. Never names the
  // address: whoever reads the error may be the one who asks what the inside looks like.
  absl::Status CheckConnection(std::string_view host, const IpAddress& address,
                               uint16_t port) const;

  PlainHttp plain_http() const { return plain_http_; }

 private:
  Guard(AllowList allow, PlainHttp plain_http)
      : allow_(std::move(allow)), plain_http_(plain_http) {}
  bool IsStandardPort(uint16_t port) const;

  AllowList allow_;
  PlainHttp plain_http_;
};

}  // namespace penstock::egress
