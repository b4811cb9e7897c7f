// The values of "format" that are checked. Others are annotations, as draft-07 has it; among them
// "idn-hostname", which needs Unicode's tables of every version of IDNA.
#pragma once

#include <cstddef>
#include <string_view>

namespace penstock::json_schema {

struct Format {
  std::string_view name;
  bool (*check)(std::string_view text);
  size_t steps = 1;  // beside what reading the text takes (Limits::max_steps)
};

// Null for a format that is not checked. Every check takes time linear in the text.
const Format* FindFormat(std::string_view name);

}  // namespace penstock::json_schema
