#include "libs/egress/address_class.h"

#include <string>

#include <catch2/catch.hpp>

namespace penstock::egress {
namespace {

AddressClass ClassOf(const std::string& text) { return Classify(IpAddress::Parse(text).value()); }

TEST_CASE("first and last addresses of every special IPv4 block are told apart from the public") {
  struct Case {
    std::string before, first, last, after;
    AddressClass expected;
  };
  const Case kCases[] = {
      {"", "0.0.0.0", "0.255.255.255", "1.0.0.0", AddressClass::kReserved},
      {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", AddressClass::kPrivate},
      {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0", AddressClass::kPrivate},
      {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", AddressClass::kLoopback},
      {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0",
       AddressClass::kLinkLocal},
      {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", AddressClass::kPrivate},
      {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0", AddressClass::kReserved},
      {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", AddressClass::kReserved},
      {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0", AddressClass::kReserved},
      {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0", AddressClass::kPrivate},
      {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0", AddressClass::kReserved},
      {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0", AddressClass::kReserved},
      {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0", AddressClass::kReserved},
      {"223.255.255.255", "224.0.0.0", "239.255.255.255", "", AddressClass::kMulticast},
      {"", "240.0.0.0", "255.255.255.255", "", AddressClass::kReserved},
  };
  for (const Case& c : kCases) {
    INFO(c.first);
    CHECK(ClassOf(c.first) == c.expected);
    CHECK(ClassOf(c.last) == c.expected);
    if (!c.before.empty()) CHECK(ClassOf(c.before) == AddressClass::kGlobal);
    if (!c.after.empty()) CHECK(ClassOf(c.after) == AddressClass::kGlobal);
  }
}

TEST_CASE("addresses where clouds keep credentials are metadata") {
  for (const char* text : {"169.254.169.254", "169.254.170.2", "168.63.129.16", "192.0.0.192",
                           "100.100.100.200", "fd00:ec2::254", "fd20:ce::254"}) {
    INFO(text);
    CHECK(ClassOf(text) == AddressClass::kMetadata);
  }
}

TEST_CASE("an IPv6 address that carries an IPv4 address is what it carries") {
  CHECK(ClassOf("::ffff:127.0.0.1") == AddressClass::kLoopback);
  CHECK(ClassOf("::127.0.0.1") == AddressClass::kLoopback);
  CHECK(ClassOf("::ffff:169.254.169.254") == AddressClass::kMetadata);
  CHECK(ClassOf("64:ff9b::10.0.0.1") == AddressClass::kPrivate);
  CHECK(ClassOf("64:ff9b::8.8.8.8") == AddressClass::kGlobal);
  CHECK(ClassOf("2002:0a00:0001::1") == AddressClass::kPrivate);
  CHECK(ClassOf("2002:7f00:0001::") == AddressClass::kLoopback);
  CHECK(ClassOf("::ffff:8.8.8.8") == AddressClass::kGlobal);
}

TEST_CASE("IPv6 outside global unicast is never public") {
  CHECK(ClassOf("2606:4700:4700::1111") == AddressClass::kGlobal);
  CHECK(ClassOf("::") == AddressClass::kReserved);
  CHECK(ClassOf("::1") == AddressClass::kLoopback);
  CHECK(ClassOf("64:ff9b:1::1") == AddressClass::kReserved);
  CHECK(ClassOf("100::1") == AddressClass::kReserved);
  CHECK(ClassOf("2001::1") == AddressClass::kReserved);
  CHECK(ClassOf("2001:1ff:ffff::") == AddressClass::kReserved);
  CHECK(ClassOf("2001:200::") == AddressClass::kGlobal);
  CHECK(ClassOf("2001:db8::1") == AddressClass::kReserved);
  CHECK(ClassOf("3fff::1") == AddressClass::kReserved);
  CHECK(ClassOf("4000::1") == AddressClass::kReserved);
  CHECK(ClassOf("5f00::1") == AddressClass::kReserved);
  CHECK(ClassOf("fc00::1") == AddressClass::kPrivate);
  CHECK(ClassOf("fdff:ffff::1") == AddressClass::kPrivate);
  CHECK(ClassOf("fe80::1") == AddressClass::kLinkLocal);
  CHECK(ClassOf("fec0::1") == AddressClass::kPrivate);
  CHECK(ClassOf("ff02::1") == AddressClass::kMulticast);
}

TEST_CASE("only canonical text is an address") {
  for (const char* text : {"", "0x7f.1", "2130706433", "0", "127.1", "010.0.0.1", "1.2.3.4 ",
                           "1.2.3.256", "[::1]", "fe80::1%lo", "::g"}) {
    INFO(text);
    CHECK_FALSE(IpAddress::Parse(text).has_value());
  }
}

TEST_CASE("a block has nothing set past its prefix") {
  CHECK(IpBlock::Parse("10.0.0.0/8").has_value());
  CHECK(IpBlock::Parse("0.0.0.0/0").has_value());
  CHECK_FALSE(IpBlock::Parse("10.0.0.1/8").has_value());
  CHECK_FALSE(IpBlock::Parse("10.0.0.0/33").has_value());
  CHECK_FALSE(IpBlock::Parse("10.0.0.0/-1").has_value());
  CHECK_FALSE(IpBlock::Parse("10.0.0.0/").has_value());
  CHECK_FALSE(IpBlock::Parse("10.0.0.0/8x").has_value());
}

}  // namespace
}  // namespace penstock::egress
