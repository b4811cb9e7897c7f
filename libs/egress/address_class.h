// What kind of place an address is, by the registries of special-purpose addresses. Pure.
#pragma once

#include <string_view>

#include "libs/egress/ip_address.h"

namespace penstock::egress {

enum class AddressClass {
  kGlobal,    // the public internet
  kLoopback,  // this machine
  kPrivate,   // private, shared (carrier) and unique local networks
  kLinkLocal,
  kMetadata,  // where clouds hand out credentials to whoever asks from inside
  kMulticast,
  kReserved,  // everything else: "this network", documentation, benchmarks, tunnels, not assigned
};

// Of the address inside, for IPv6 forms that carry an IPv4 address.
AddressClass Classify(const IpAddress& address);

// For people: "a loopback address".
std::string_view Describe(AddressClass address_class);

}  // namespace penstock::egress
