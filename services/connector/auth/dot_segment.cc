#include "services/connector/auth/dot_segment.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace penstock::connector {

bool HasDotSegment(std::string_view path) {
  std::string plain = absl::StrReplaceAll(
      absl::AsciiStrToLower(absl::string_view(path.data(), path.size())), {{"%2e", "."}});
  for (std::string_view rest = plain;;) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    if (segment == "." || segment == "..") return true;
    if (segment.size() == rest.size()) return false;
    rest.remove_prefix(segment.size() + 1);
  }
}

}  // namespace penstock::connector
