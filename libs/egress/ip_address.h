// IP addresses and blocks of them, as bytes. Names and their resolution are not its business.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

struct sockaddr;

namespace penstock::egress {

class IpAddress {
 public:
  // Canonical text only: "192.0.2.1" or "2001:db8::1"; no octal, hexadecimal or short IPv4 forms.
  static std::optional<IpAddress> Parse(std::string_view text);
  // Of an AF_INET or AF_INET6 address.
  static std::optional<IpAddress> FromSocket(const sockaddr& address);

  bool is_v4() const { return is_v4_; }
  int bits() const { return is_v4_ ? 32 : 128; }
  // IPv4 uses the first four bytes; the others are zero.
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  // The IPv4 address that an IPv6 form carries inside (IPv4-mapped, IPv4-compatible, NAT64, 6to4),
  // else the address itself: what a packet to it will reach in the end.
  IpAddress Unwrapped() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  bool is_v4_ = false;
  std::array<uint8_t, 16> bytes_{};
};

// A block of addresses that share their first bits.
class IpBlock {
 public:
  // "10.0.0.0/8", "fd00::/8", or one address. Bits past the prefix must be zero.
  static std::optional<IpBlock> Parse(std::string_view text);
  // Addresses of the other family are not contained; unwrap first.
  bool Contains(const IpAddress& address) const;

 private:
  IpAddress base_;
  int prefix_ = 0;
};

}  // namespace penstock::egress
