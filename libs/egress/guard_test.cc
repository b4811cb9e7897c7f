#include "libs/egress/guard.h"

#include <string>

#include <catch2/catch.hpp>

namespace penstock::egress {
namespace {

Guard Make(std::string_view allow, PlainHttp plain = PlainHttp::kRefused) {
  return Guard::Create(allow, plain).value();
}

bool Allows(const Guard& guard, std::string_view host, const std::string& address, uint16_t port) {
  return guard.CheckConnection(host, IpAddress::Parse(address).value(), port).ok();
}

TEST_CASE("without an allow-list only port 443 of public addresses is open") {
  Guard guard = Make("");
  CHECK(Allows(guard, "example.com", "93.184.216.34", 443));
  CHECK_FALSE(Allows(guard, "example.com", "93.184.216.34", 80));
  CHECK_FALSE(Allows(guard, "example.com", "93.184.216.34", 8443));
  CHECK_FALSE(Allows(guard, "example.com", "10.0.0.1", 443));
  CHECK_FALSE(Allows(guard, "example.com", "::ffff:10.0.0.1", 443));
}

TEST_CASE("plain http and its port are open only when allowed") {
  CHECK_FALSE(Make("").CheckTarget("http", 80).ok());
  CHECK_FALSE(Make("").CheckTarget("http", 443).ok());
  CHECK(Make("").CheckTarget("https", 443).ok());
  Guard guard = Make("", PlainHttp::kAllowed);
  CHECK(guard.CheckTarget("http", 80).ok());
  CHECK(Allows(guard, "example.com", "93.184.216.34", 80));
  CHECK_FALSE(guard.CheckTarget("http", 8080).ok());
  CHECK_FALSE(guard.CheckTarget("file", 0).ok());
  CHECK_FALSE(guard.CheckTarget("gopher", 443).ok());
}

TEST_CASE("an allowed address is open on its ports and no others") {
  Guard guard = Make("127.0.0.1:9000-9100");
  CHECK(guard.CheckTarget("https", 9050).ok());
  CHECK(Allows(guard, "localhost", "127.0.0.1", 9000));
  CHECK(Allows(guard, "localhost", "127.0.0.1", 9100));
  CHECK(Allows(guard, "x", "::ffff:127.0.0.1", 9000));
  CHECK_FALSE(Allows(guard, "localhost", "127.0.0.1", 9101));
  CHECK_FALSE(Allows(guard, "localhost", "127.0.0.1", 443));
  CHECK_FALSE(Allows(guard, "localhost", "127.0.0.2", 9000));
  CHECK_FALSE(Allows(guard, "localhost", "::1", 9000));
}

TEST_CASE("an allowed block without ports is open on the standard ones") {
  Guard guard = Make(" 10.1.0.0/16 , fd12::/16,[::1]:8443");
  CHECK(Allows(guard, "a", "10.1.255.255", 443));
  CHECK_FALSE(Allows(guard, "a", "10.1.0.1", 80));
  CHECK_FALSE(Allows(guard, "a", "10.2.0.1", 443));
  CHECK(Allows(guard, "a", "fd12:1::1", 443));
  CHECK(Allows(guard, "a", "::1", 8443));
}

TEST_CASE("an allowed host may be private but never lead to metadata or multicast") {
  Guard guard = Make("Internal.Example:8443");
  CHECK(Allows(guard, "internal.example", "10.0.0.7", 8443));
  CHECK(Allows(guard, "internal.example", "93.184.216.34", 8443));
  CHECK(Allows(guard, "internal.example", "93.184.216.34", 443));
  CHECK_FALSE(Allows(guard, "internal.example", "10.0.0.7", 443));
  CHECK_FALSE(Allows(guard, "internal.example", "169.254.169.254", 8443));
  CHECK_FALSE(Allows(guard, "internal.example", "224.0.0.1", 8443));
  CHECK_FALSE(Allows(guard, "other.example", "10.0.0.7", 8443));
  CHECK_FALSE(Allows(guard, "x.internal.example", "10.0.0.7", 8443));
}

TEST_CASE("metadata opens by address only") {
  CHECK(Allows(Make("169.254.169.254:443"), "m", "169.254.169.254", 443));
}

TEST_CASE("a wrong entry is named") {
  for (const char* entry : {"10.0.0.1/8", "host:0", "host:99999", "host:5-4", "host:", "[::1",
                            "[::1]x", "0x7f.1", "2130706433", "127.1", "a b", "http://x", "-x"}) {
    INFO(entry);
    auto guard = Guard::Create(std::string("ok.example,") + entry, PlainHttp::kRefused);
    REQUIRE_FALSE(guard.ok());
    CHECK(guard.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(guard.status().message()).find(entry) != std::string::npos);
  }
}

TEST_CASE("a refusal says what kind of place it is and not where") {
  absl::Status status =
      Make("").CheckConnection("db.example", IpAddress::Parse("10.9.8.7").value(), 443);
  std::string message(status.message());
  CHECK(message.find("private") != std::string::npos);
  CHECK(message.find("10.9.8.7") == std::string::npos);
}

}  // namespace
}  // namespace penstock::egress
