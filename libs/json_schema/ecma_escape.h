// The small parts of ECMA 262's regular expressions: reading characters, and what stands behind a
// backslash. Internal to ecma_pattern.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace penstock::json_schema {

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  bool Peek(std::string_view text) const { return rest_.substr(0, text.size()) == text; }
  bool PeekDigit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  bool TakeIf(std::string_view text);
  char Take();               // one byte; not at the end
  char32_t TakeCodePoint();  // of valid UTF-8; not at the end
  // Exactly `digits` hexadecimal digits; nothing taken when there are none.
  std::optional<char32_t> TakeHex(size_t digits);
  // "{2,3}", or nothing.
  std::string_view TakeBraceQuantifier();
  // "name>".
  bool TakeGroupName();
  // What stands before `end`, which is taken too.
  std::optional<std::string_view> TakeUntil(char end);
  // Behind a backslash: "1", "k<".
  bool AtBackReference() const;

 private:
  std::string_view rest_;
};

// A character, or what belongs between the brackets of a class of RE2.
struct ClassAtom {
  std::optional<char32_t> code_point;
  std::string set;
};

// What follows a backslash, which is taken already; assertions and back-references are not for
// here.
absl::StatusOr<ClassAtom> ReadEscape(PatternReader& in);

// In RE2's syntax, inside and outside of classes.
std::string CodePoint(char32_t code_point);

}  // namespace penstock::json_schema
