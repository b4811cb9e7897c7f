#include "libs/egress/allow_list.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::egress {
namespace {

std::string_view Trimmed(std::string_view text) {
  size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<uint16_t> ParsePort(std::string_view text) {
  uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::optional<PortRange> ParsePorts(std::string_view text) {
  size_t dash = text.find('-');
  std::optional<uint16_t> first = ParsePort(text.substr(0, dash));
  std::optional<uint16_t> last =
      dash == std::string_view::npos ? first : ParsePort(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return PortRange{*first, *last};
}

// Letters, digits, hyphens and dots, with a last label that is no number: else it might be read as
// an address.
bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
  bool only_known = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
  std::string_view last_label = host.substr(host.rfind('.') + 1);
  return only_known && !last_label.empty() && !(last_label[0] >= '0' && last_label[0] <= '9');
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return lower;
}

// "[target]:ports", "target:ports" or "target"; bare IPv6 has several colons and no ports.
struct Parts {
  std::string_view target;
  std::optional<std::string_view> ports;
};

std::optional<Parts> Split(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    Parts parts{text.substr(1, close - 1), std::nullopt};
    std::string_view rest = text.substr(close + 1);
    if (rest.empty()) return parts;
    if (rest.front() != ':') return std::nullopt;
    parts.ports = rest.substr(1);
    return parts;
  }
  if (std::count(text.begin(), text.end(), ':') != 1) return Parts{text, std::nullopt};
  size_t colon = text.find(':');
  return Parts{text.substr(0, colon), text.substr(colon + 1)};
}

bool NameMayReach(AddressClass address_class) {
  return address_class == AddressClass::kGlobal || address_class == AddressClass::kPrivate ||
         address_class == AddressClass::kLoopback;
}

}  // namespace

absl::StatusOr<AllowList::Entry> AllowList::ParseEntry(std::string_view text) {
  auto wrong = [&](std::string_view what) {
    return absl::InvalidArgumentError(fmt::format("\"{}\" can't be allowed: {}", text, what));
  };
  std::optional<Parts> parts = Split(text);
  if (!parts) return wrong("write [address]:port");
  Entry entry;
  if (parts->ports) {
    entry.ports = ParsePorts(*parts->ports);
    if (!entry.ports) return wrong("ports are one number or first-last, from 1 to 65535");
  }
  entry.block = IpBlock::Parse(parts->target);
  if (entry.block) return entry;
  if (parts->target.find('/') != std::string_view::npos) {
    return wrong("a block is address/bits with nothing set past the bits");
  }
  entry.host = Lower(parts->target);
  if (!IsHostName(entry.host)) return wrong("neither an address, nor a block, nor a host name");
  return entry;
}

absl::StatusOr<AllowList> AllowList::Parse(std::string_view text) {
  AllowList list;
  while (!text.empty()) {
    size_t comma = text.find(',');
    std::string_view entry_text = Trimmed(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (entry_text.empty()) continue;
    ASSIGN_OR_RETURN(Entry entry, ParseEntry(entry_text));
    list.entries_.push_back(std::move(entry));
  }
  return list;
}

bool AllowList::Opens(std::string_view host, const IpAddress& address, uint16_t port,
                      bool port_is_standard) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    if (entry.ports ? !entry.ports->Contains(port) : !port_is_standard) return false;
    if (entry.block) {
      return entry.block->Contains(address) || entry.block->Contains(address.Unwrapped());
    }
    return entry.host == host && NameMayReach(Classify(address));
  });
}

bool AllowList::MentionsPort(uint16_t port) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.ports && entry.ports->Contains(port);
  });
}

}  // namespace penstock::egress
