#include "libs/request/text.h"

#include <algorithm>
#include <string>

#include "fmt/format.h"

namespace penstock {

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

}  // namespace penstock
