#include "services/connector/outbound/resource_path.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

constexpr size_t kMaxBytes = 4096;
// How often a chain of servers may decode before nobody knows any more what a path means.
constexpr int kMaxDecodings = 4;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsEscape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && HexValue(text[1]) >= 0 && HexValue(text[2]) >= 0;
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool StaysInPath(char c) {
  return IsUnreserved(c) || std::string_view("/%!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

void AppendEscape(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<uint8_t>(c);
  out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
}

// Length of the UTF-8 sequence at the start of `text`; 0 when it is none. Overlong forms are none:
// lenient decoders read %C0%AE as a dot.
size_t Utf8Length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  uint32_t code = first & (0x7f >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  return overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : length;
}

std::optional<std::string_view> WrongCharacters(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text.substr(i));
    if (length == 0) return "must be UTF-8";
    if (static_cast<uint8_t>(text[i]) < 0x20 || text[i] == 0x7f) {
      return "must not have control characters";
    }
    if (text[i] == '\\') return "must not have backslashes";
    i += length;
  }
  return std::nullopt;
}

// Also of a segment with parameters, which some servers drop before they look: "..;x=y".
bool IsDots(std::string_view segment) {
  segment = segment.substr(0, segment.find(';'));
  return segment == "." || segment == "..";
}

std::optional<std::string_view> WrongSegments(std::string_view path) {
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment.empty()) return "must be a path, without a scheme, a host or empty segments";
    if (IsDots(segment)) return "must not have the segments \".\" and \"..\"";
    begin = end + 1;
  }
  return std::nullopt;
}

bool EscapesAreWhole(std::string_view text) {
  for (size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    if (!IsEscape(text.substr(i))) return false;
  }
  return true;
}

// The same at every depth of decoding.
std::optional<std::string_view> Wrong(std::string_view path) {
  if (path.size() > kMaxBytes) return "must be at most 4096 bytes";
  if (path.find_first_of("?#") != std::string_view::npos) {
    return "must not have a query or a fragment; a query goes into the field of its own";
  }
  if (!EscapesAreWhole(path)) return "has a % that is not followed by two hexadecimal digits";
  std::string level(path);
  for (int depth = 0; depth <= kMaxDecodings; ++depth) {
    if (const auto wrong = WrongCharacters(level)) return wrong;
    if (const auto wrong = WrongSegments(level)) return wrong;
    std::string next = PercentDecoded(level);
    if (next == level) return std::nullopt;
    level = std::move(next);
  }
  return "is percent-encoded too many times";
}

}  // namespace

absl::StatusOr<std::string> WirePath(std::string_view text, std::string_view field) {
  if (text.starts_with('/')) text.remove_prefix(1);
  if (const auto wrong = Wrong(text)) return InvalidField(field, *wrong);
  std::string wire;
  for (const char c : text) {
    if (StaysInPath(c)) {
      wire += c;
    } else {
      AppendEscape(wire, c);
    }
  }
  return wire;
}

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
    } else {
      AppendEscape(encoded, c);
    }
  }
  return encoded;
}

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsEscape(text.substr(i))) {
      decoded += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace penstock::connector
