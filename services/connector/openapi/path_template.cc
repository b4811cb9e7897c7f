#include "services/connector/openapi/path_template.h"

#include <algorithm>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace penstock::connector::openapi {
namespace {

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Of RFC 3986's pchar all but "%", which could hide a slash or a dot; and the slash.
bool IsPathCharacter(char c) {
  return IsLetterOrDigit(c) ||
         std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

// Calls on_text and on_name in turn; false for braces that don't pair.
template <typename OnText, typename OnName>
bool Split(std::string_view rest, OnText&& on_text, OnName&& on_name) {
  while (!rest.empty()) {
    const size_t open = std::min(rest.find_first_of("{}"), rest.size());
    on_text(rest.substr(0, open));
    rest.remove_prefix(open);
    if (rest.empty()) return true;
    const size_t close = rest.find_first_of("{}", 1);
    if (rest[0] == '}' || close == rest.npos || rest[close] == '{' || close == 1) return false;
    on_name(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  return true;
}

bool HasDotOrEmptySegment(std::string_view path) {
  size_t begin = 1;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    const bool is_last = end == path.size();
    if (segment == "." || segment == ".." || (segment.empty() && !is_last)) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> NamesIn(std::string_view path_template) {
  if (path_template.empty() || path_template[0] != '/') {
    return absl::InvalidArgumentError("must start with \"/\": a path below the server");
  }
  std::vector<std::string> names;
  std::string fixed;  // with "x" for what is filled in
  bool plain = true;
  const bool pairs = Split(
      path_template,
      [&](std::string_view text) {
        plain &= std::all_of(text.begin(), text.end(), IsPathCharacter);
        fixed += text;
      },
      [&](std::string_view name) {
        names.emplace_back(name);
        fixed += "x";
      });
  if (!pairs) return absl::InvalidArgumentError("has a brace without its other");
  if (!plain) return absl::InvalidArgumentError("must be a path, without query, \"%\" or spaces");
  if (HasDotOrEmptySegment(fixed)) {
    return absl::InvalidArgumentError("must have no empty, \".\" or \"..\" segment");
  }
  return names;
}

absl::StatusOr<std::string> FillIn(std::string_view path_template,
                                   const std::map<std::string, std::string>& values) {
  std::string path;
  bool empty = false;
  Split(
      path_template, [&](std::string_view text) { path += text; },
      [&](std::string_view name) {
        const auto value = values.find(std::string(name));
        if (value == values.end() || value->second.empty()) {
          empty = true;
        } else {
          path += value->second;
        }
      });
  if (empty) return absl::InvalidArgumentError("a part of the path is empty");
  if (HasDotOrEmptySegment(path)) {
    return absl::InvalidArgumentError("a part of the path is \".\" or \"..\"");
  }
  return path;
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (IsLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace penstock::connector::openapi
