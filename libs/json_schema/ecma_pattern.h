// Regular expressions as JSON Schema has them (ECMA 262) in RE2's syntax, with ECMA's meaning: "."
// and "\s" of ECMA know Unicode's line ends and spaces, "[[:alpha:]]" is no class there, "\A" no
// anchor.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace penstock::json_schema {

// INVALID_ARGUMENT for what ECMA does not know; UNIMPLEMENTED for what no automaton can do:
// lookaround, back-references. Read with the "u" flag, but for escaped punctuation, which is
// itself. RE2 has the last word on sizes and property names.
absl::StatusOr<std::string> EcmaToRe2(std::string_view pattern);

}  // namespace penstock::json_schema
