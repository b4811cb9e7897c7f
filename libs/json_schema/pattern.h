// A regular expression of a schema: ECMA 262 in, RE2 inside, so that time is linear in the text
// whatever the expression is.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"

namespace re2 {
class RE2;
}

namespace penstock::json_schema {

class Pattern {
 public:
  // Bytes of the largest.
  static constexpr size_t kMaxMemory = 4 << 20;

  // INVALID_ARGUMENT: not ECMA 262; UNIMPLEMENTED: lookaround, back-references; RESOURCE_EXHAUSTED:
  // too large. The message names the pattern.
  static absl::StatusOr<Pattern> Compile(std::string_view ecma);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // Anywhere in `text`.
  bool IsFoundIn(std::string_view text) const;

  // Steps (Limits::max_steps) to look through that much text, at worst.
  size_t Cost(size_t text_bytes) const;
  // Bytes that it may take, with what matching caches.
  size_t memory() const { return memory_; }

 private:
  Pattern(std::unique_ptr<re2::RE2> compiled, size_t memory);
  std::unique_ptr<re2::RE2> compiled_;
  size_t memory_;
};

}  // namespace penstock::json_schema
