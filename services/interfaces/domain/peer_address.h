// Where a call comes from, as gRPC says it ("ipv4:192.0.2.1:4711", "ipv6:%5B2001:db8::1%5D:4711"),
// as a key to count by.
#pragma once

#include <string>
#include <string_view>

namespace penstock::interfaces {

// The address without its port; of IPv6 the first 64 bits, because who has one address has all of
// those. What is not understood is one key for all. Behind a proxy this is the proxy: it must limit
// by itself.
std::string PeerKey(std::string_view peer);

}  // namespace penstock::interfaces
