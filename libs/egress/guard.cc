#include "libs/egress/guard.h"

#include "fmt/format.h"
#include "libs/egress/address_class.h"
#include "libs/status/macros.h"

namespace penstock::egress {

absl::StatusOr<Guard> Guard::Create(std::string_view allow, PlainHttp plain_http) {
  ASSIGN_OR_RETURN(AllowList list, AllowList::Parse(allow));
  return Guard(std::move(list), plain_http);
}

bool Guard::IsStandardPort(uint16_t port) const {
  return port == 443 || (port == 80 && plain_http_ == PlainHttp::kAllowed);
}

absl::Status Guard::CheckTarget(std::string_view scheme, uint16_t port) const {
  bool known = scheme == "https" || (scheme == "http" && plain_http_ == PlainHttp::kAllowed);
  if (!known) {
    return absl::PermissionDeniedError(fmt::format("the scheme {} is not allowed", scheme));
  }
  if (!IsStandardPort(port) && !allow_.MentionsPort(port)) {
    return absl::PermissionDeniedError(fmt::format("port {} is not allowed", port));
  }
  return absl::OkStatus();
}

absl::Status Guard::CheckConnection(std::string_view host, const IpAddress& address,
                                    uint16_t port) const {
  bool standard = IsStandardPort(port);
  if (allow_.Opens(host, address, port, standard)) return absl::OkStatus();
  AddressClass address_class = Classify(address);
  if (address_class != AddressClass::kGlobal) {
    return absl::PermissionDeniedError(
        fmt::format("{} is at {}, which is not allowed", host, Describe(address_class)));
  }
  if (!standard) {
    return absl::PermissionDeniedError(fmt::format("port {} of {} is not allowed", port, host));
  }
  return absl::OkStatus();
}

}  // namespace penstock::egress
