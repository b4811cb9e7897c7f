#include "services/interfaces/domain/peer_address.h"

#include <arpa/inet.h>

namespace penstock::interfaces {
namespace {

constexpr std::string_view kV4 = "ipv4:";
constexpr std::string_view kV6 = "ipv6:";
constexpr size_t kNetworkBytes = 8;

// "[address]:port" with the brackets written as such or percent-encoded, and perhaps a zone.
std::string V6Address(std::string_view text) {
  size_t start = text.starts_with("%5B") ? 3 : text.starts_with("[") ? 1 : 0;
  text.remove_prefix(start);
  return std::string(text.substr(0, text.find_first_of("]%")));
}

}  // namespace

std::string PeerKey(std::string_view peer) {
  if (peer.starts_with(kV4)) {
    peer.remove_prefix(kV4.size());
    return std::string(peer.substr(0, peer.find(':')));
  }
  if (peer.starts_with(kV6)) {
    in6_addr address;
    if (inet_pton(AF_INET6, V6Address(peer.substr(kV6.size())).c_str(), &address) != 1) return "";
    // A mapped IPv4 address is one of a single host.
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
      char text[INET_ADDRSTRLEN];
      inet_ntop(AF_INET, &address.s6_addr[12], text, sizeof(text));
      return text;
    }
    return std::string(reinterpret_cast<const char*>(address.s6_addr), kNetworkBytes);
  }
  return "";
}

}  // namespace penstock::interfaces
