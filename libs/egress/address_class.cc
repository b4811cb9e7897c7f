#include "libs/egress/address_class.h"

#include <vector>

namespace penstock::egress {
namespace {

struct Rule {
  IpBlock block;
  AddressClass address_class;
};

// The first match decides, so exceptions stand before the block they lie in.
const std::vector<Rule>& V4Rules() {
  static const auto* rules = [] {
    auto* made = new std::vector<Rule>;
    auto add = [&](std::string_view block, AddressClass address_class) {
      made->push_back({*IpBlock::Parse(block), address_class});
    };
    add("169.254.169.254", AddressClass::kMetadata);  // AWS, Google, Azure, OpenStack and others
    add("169.254.170.2", AddressClass::kMetadata);    // AWS ECS tasks
    add("168.63.129.16", AddressClass::kMetadata);    // Azure's host
    add("192.0.0.192", AddressClass::kMetadata);      // Oracle
    add("100.100.100.200", AddressClass::kMetadata);  // Alibaba
    add("127.0.0.0/8", AddressClass::kLoopback);
    add("10.0.0.0/8", AddressClass::kPrivate);
    add("100.64.0.0/10", AddressClass::kPrivate);
    add("172.16.0.0/12", AddressClass::kPrivate);
    add("192.168.0.0/16", AddressClass::kPrivate);
    add("169.254.0.0/16", AddressClass::kLinkLocal);
    add("224.0.0.0/4", AddressClass::kMulticast);
    add("0.0.0.0/8", AddressClass::kReserved);
    add("192.0.0.0/24", AddressClass::kReserved);
    add("192.0.2.0/24", AddressClass::kReserved);
    add("192.88.99.0/24", AddressClass::kReserved);
    add("198.18.0.0/15", AddressClass::kReserved);
    add("198.51.100.0/24", AddressClass::kReserved);
    add("203.0.113.0/24", AddressClass::kReserved);
    add("240.0.0.0/4", AddressClass::kReserved);  // with the broadcast address
    add("0.0.0.0/0", AddressClass::kGlobal);
    return made;
  }();
  return *rules;
}

const std::vector<Rule>& V6Rules() {
  static const auto* rules = [] {
    auto* made = new std::vector<Rule>;
    auto add = [&](std::string_view block, AddressClass address_class) {
      made->push_back({*IpBlock::Parse(block), address_class});
    };
    add("fd00:ec2::254", AddressClass::kMetadata);  // AWS
    add("fd20:ce::254", AddressClass::kMetadata);   // Google
    add("fc00::/7", AddressClass::kPrivate);
    add("fec0::/10", AddressClass::kPrivate);  // site-local, deprecated
    add("fe80::/10", AddressClass::kLinkLocal);
    add("ff00::/8", AddressClass::kMulticast);
    add("2001::/23", AddressClass::kReserved);  // with Teredo
    add("2001:db8::/32", AddressClass::kReserved);
    add("3fff::/20", AddressClass::kReserved);
    add("2000::/3", AddressClass::kGlobal);
    add("::/0", AddressClass::kReserved);  // nothing else is global unicast
    return made;
  }();
  return *rules;
}

}  // namespace

AddressClass Classify(const IpAddress& address) {
  // Lies in ::/96, where unwrapping would make it 0.0.0.1.
  static const IpAddress kLoopbackV6 = *IpAddress::Parse("::1");
  if (address == kLoopbackV6) return AddressClass::kLoopback;
  IpAddress inner = address.Unwrapped();
  for (const Rule& rule : inner.is_v4() ? V4Rules() : V6Rules()) {
    if (rule.block.Contains(inner)) return rule.address_class;
  }
  return AddressClass::kReserved;
}

std::string_view Describe(AddressClass address_class) {
  switch (address_class) {
    case AddressClass::kGlobal:
      return "a public address";
    case AddressClass::kLoopback:
      return "a loopback address";
    case AddressClass::kPrivate:
      return "a private address";
    case AddressClass::kLinkLocal:
      return "a link-local address";
    case AddressClass::kMetadata:
      return "a cloud metadata address";
    case AddressClass::kMulticast:
      return "a multicast address";
    case AddressClass::kReserved:
      break;
  }
  return "a reserved address";
}

}  // namespace penstock::egress
