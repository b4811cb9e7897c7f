#include "services/interfaces/domain/text.h"

#include <algorithm>
#include <string>

#include "fmt/format.h"

namespace penstock::interfaces {

size_t CountCharacters(std::string_view text) {
  return std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; });
}

void CheckText(std::string_view text, std::string_view field, TextLimits limits,
               std::vector<FieldViolation>& wrong) {
  const size_t characters = CountCharacters(text);
  if (characters < limits.min || characters > limits.max) {
    wrong.push_back(
        {std::string(field), fmt::format("must have {} to {} characters", limits.min, limits.max)});
  } else if (std::ranges::any_of(text, [](unsigned char c) {
               return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
             })) {
    wrong.push_back({std::string(field), "must have no control characters"});
  }
}

void CheckEmail(std::string_view email, std::string_view field,
                std::vector<FieldViolation>& wrong) {
  const size_t at = email.find('@');
  const bool has_form =
      at != 0 && at != std::string_view::npos && at + 1 < email.size() &&
      email.find('@', at + 1) == std::string_view::npos &&
      std::ranges::none_of(email, [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (!has_form || CountCharacters(email) > 320) {
    wrong.push_back({std::string(field), "must be an e-mail address of up to 320 characters"});
  }
}

}  // namespace penstock::interfaces
