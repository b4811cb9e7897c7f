// What an operator opens beyond the public internet: addresses, blocks and hosts, each with ports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/egress/address_class.h"
#include "libs/egress/ip_address.h"

namespace penstock::egress {

struct PortRange {
  uint16_t first;
  uint16_t last;
  bool Contains(uint16_t port) const { return first <= port && port <= last; }
};

class AllowList {
 public:
  // Entries separated by commas, each a target and perhaps ":port" or ":first-last":
  //   127.0.0.1:9000-9100   10.1.0.0/16   [fd00::/8]:8443   internal.example:8080
  // Without ports the entry opens the standard ones. INVALID_ARGUMENT names the entry that is
  // wrong.
  static absl::StatusOr<AllowList> Parse(std::string_view text);

  // Whether some entry opens this. `host` is what the URL says: ASCII, lower case. A block opens
  // every address in it; a host opens the public, private and loopback addresses it resolves to,
  // but a name never leads to metadata or other special places.
  bool Opens(std::string_view host, const IpAddress& address, uint16_t port,
             bool port_is_standard) const;

  // Whether some entry names the port.
  bool MentionsPort(uint16_t port) const;

 private:
  struct Entry {
    std::optional<IpBlock> block;  // none for a host
    std::string host;
    std::optional<PortRange> ports;  // none for the standard ones
  };
  static absl::StatusOr<Entry> ParseEntry(std::string_view text);

  std::vector<Entry> entries_;
};

}  // namespace penstock::egress
