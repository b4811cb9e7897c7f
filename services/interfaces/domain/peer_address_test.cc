#include "services/interfaces/domain/peer_address.h"

#include <catch2/catch.hpp>

namespace penstock::interfaces {
namespace {

TEST_CASE("an IPv4 peer is its address, whatever the port") {
  CHECK(PeerKey("ipv4:192.0.2.1:4711") == "192.0.2.1");
  CHECK(PeerKey("ipv4:192.0.2.1:4712") == "192.0.2.1");
}

TEST_CASE("an IPv6 peer is its network of 64 bits") {
  CHECK(PeerKey("ipv6:%5B2001:db8::1%5D:4711") == PeerKey("ipv6:[2001:db8::ffff:2]:1"));
  CHECK(PeerKey("ipv6:[2001:db8::1]:1") != PeerKey("ipv6:[2001:db8:0:1::1]:1"));
  CHECK(PeerKey("ipv6:%5Bfe80::1%25eth0%5D:1") == PeerKey("ipv6:[fe80::2]:1"));
  CHECK(PeerKey("ipv6:[::ffff:192.0.2.1]:1") == "192.0.2.1");
}

TEST_CASE("what is not understood is one key for all") {
  for (const char* peer : {"", "unix:/tmp/x", "ipv6:nonsense", "other"}) CHECK(PeerKey(peer) == "");
}

}  // namespace
}  // namespace penstock::interfaces
