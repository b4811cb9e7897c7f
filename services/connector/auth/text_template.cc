#include "services/connector/auth/text_template.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

bool IsName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
  });
}

}  // namespace

absl::StatusOr<TextTemplate> TextTemplate::Parse(std::string_view text) {
  TextTemplate result;
  for (;;) {
    const size_t open = text.find("{{");
    result.literals_.emplace_back(text.substr(0, open));
    if (open == text.npos) return result;
    const size_t close = text.find("}}", open);
    const std::string_view name =
        close == text.npos ? std::string_view() : text.substr(open + 2, close - open - 2);
    if (!IsName(name)) {
      return absl::InvalidArgumentError("has a \"{{\" without a name and \"}}\" after it");
    }
    result.names_.emplace_back(name);
    text.remove_prefix(close + 2);
  }
}

absl::StatusOr<std::string> TextTemplate::Render(const Fill& fill) const {
  std::string text = literals_[0];
  for (size_t i = 0; i < names_.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string value, fill(names_[i]));
    text.append(value).append(literals_[i + 1]);
  }
  return text;
}

}  // namespace penstock::connector
