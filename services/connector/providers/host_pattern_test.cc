#include "services/connector/providers/host_pattern.h"

#include <catch2/catch.hpp>

namespace penstock::connector {
namespace {

TEST_CASE("a host name is what can't be read as an address") {
  for (const char* name : {"api.github.com", "xn--bcher-kva.example.org", "a_b.example.com"}) {
    CHECK(IsHostName(name));
  }
  for (const char* name :
       {"",          "localhost", "127.0.0.1",  "10.1",    "0x7f.1", "2130706433", "[::1]",
        "a..b.com",  ".a.com",    "a.com.",     "A.com",   "-a.com", "a-.com",     "a b.com",
        "a.com:443", "a.com/x",   "user@a.com", "*.a.com", "a.0x7f", "a.1"}) {
    INFO(name);
    CHECK_FALSE(IsHostName(name));
  }
  CHECK_FALSE(IsHostName(std::string(64, 'a') + ".com"));
  CHECK_FALSE(IsHostName(std::string(250, 'a') + ".com"));
}

TEST_CASE("a wildcard covers what is below a name, and neither the name nor what ends alike") {
  CHECK(HostMatches("*.zendesk.com", "acme.zendesk.com"));
  CHECK(HostMatches("*.zendesk.com", "a.b.zendesk.com"));
  CHECK_FALSE(HostMatches("*.zendesk.com", "zendesk.com"));
  CHECK_FALSE(HostMatches("*.zendesk.com", ".zendesk.com"));
  CHECK_FALSE(HostMatches("*.zendesk.com", "evilzendesk.com"));
  CHECK_FALSE(HostMatches("*.zendesk.com", "acme.zendesk.com.evil.com"));
  CHECK(HostMatches("api.github.com", "api.github.com"));
  CHECK_FALSE(HostMatches("api.github.com", "x.api.github.com"));
}

TEST_CASE("names of local use are not public") {
  for (const char* host : {"db.internal", "printer.local", "api.localhost", "x.test", "y.svc",
                           "1.0.0.127.in-addr.arpa", "*.corp"}) {
    CHECK_FALSE(IsPublicName(host));
  }
  CHECK(IsPublicName("api.example.com"));
}

TEST_CASE("what anybody can register below looks like a public suffix") {
  for (const char* name : {"com", "co.uk", "com.au", "amazonaws.com", "github.io"}) {
    CHECK(LooksLikePublicSuffix(name));
  }
  for (const char* name : {"zendesk.com", "api.mailchimp.com", "t.co"}) {
    CHECK_FALSE(LooksLikePublicSuffix(name));
  }
}

}  // namespace
}  // namespace penstock::connector
