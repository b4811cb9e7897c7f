#include "libs/egress/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace penstock::egress {
namespace {

bool SameBits(const std::array<uint8_t, 16>& a, const std::array<uint8_t, 16>& b, int count) {
  int whole = count / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  int rest = count % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool IsZeroPast(const std::array<uint8_t, 16>& bytes, int count, int bits) {
  for (int bit = count; bit < bits; ++bit) {
    if (bytes[bit / 8] >> (7 - bit % 8) & 1) return false;
  }
  return true;
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data()) == 1) {
    address.is_v4_ = true;
    return address;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::FromSocket(const sockaddr& address) {
  IpAddress result;
  if (address.sa_family == AF_INET) {
    const auto* v4 =
        reinterpret_cast<const uint8_t*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
    std::copy_n(v4, 4, result.bytes_.begin());
    result.is_v4_ = true;
    return result;
  }
  if (address.sa_family == AF_INET6) {
    const auto* v6 =
        reinterpret_cast<const uint8_t*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
    std::copy_n(v6, 16, result.bytes_.begin());
    return result;
  }
  return std::nullopt;
}

IpAddress IpAddress::Unwrapped() const {
  if (is_v4_) return *this;
  struct Form {
    IpBlock block;
    int offset;  // of the IPv4 address
  };
  static const Form kForms[] = {
      {*IpBlock::Parse("::ffff:0:0/96"), 12},  // IPv4-mapped
      {*IpBlock::Parse("::/96"), 12},          // IPv4-compatible
      {*IpBlock::Parse("64:ff9b::/96"), 12},   // NAT64
      {*IpBlock::Parse("2002::/16"), 2},       // 6to4
  };
  for (const Form& form : kForms) {
    if (!form.block.Contains(*this)) continue;
    IpAddress inner;
    inner.is_v4_ = true;
    std::copy_n(bytes_.begin() + form.offset, 4, inner.bytes_.begin());
    return inner;
  }
  return *this;
}

std::optional<IpBlock> IpBlock::Parse(std::string_view text) {
  IpBlock block;
  size_t slash = text.find('/');
  std::optional<IpAddress> base = IpAddress::Parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  block.base_ = *base;
  block.prefix_ = base->bits();
  if (slash != std::string_view::npos) {
    std::string_view digits = text.substr(slash + 1);
    auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), block.prefix_);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  }
  if (block.prefix_ < 0 || block.prefix_ > base->bits()) return std::nullopt;
  if (!IsZeroPast(base->bytes(), block.prefix_, base->bits())) return std::nullopt;
  return block;
}

bool IpBlock::Contains(const IpAddress& address) const {
  return address.is_v4() == base_.is_v4() && SameBits(address.bytes(), base_.bytes(), prefix_);
}

}  // namespace penstock::egress
