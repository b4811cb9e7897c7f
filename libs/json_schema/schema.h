// JSON Schema (draft-07, all keywords) for schemas that nobody vouches for.
//
// Patterns and formats run on RE2, so that no expression can stall or crash the process; references
// stay within the document; a schema has bounded size, and checking a value against it bounded
// work.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/json_schema/limits.h"
#include "libs/json_schema/violation.h"
#include "nlohmann/json.hpp"

namespace penstock::json_schema {

struct Node;
struct Program;

// Cheap to copy; may be used by many threads.
class Schema {
 public:
  // INVALID_ARGUMENT with every problem as a field violation whose field is a JSON pointer into
  // `schema`; up to limits.max_problems.
  static absl::StatusOr<Schema> Compile(const nlohmann::json& schema, const Limits& limits = {});

  // The subschema at a JSON pointer; none when there is no schema, or none that the document itself
  // or one of its references uses as one.
  std::optional<Schema> At(std::string_view pointer) const;

  // The whole document.
  const nlohmann::json& source() const;

  // Empty when `value` matches. One that takes more than limits.max_steps to check, or nests deeper
  // than limits.max_value_depth, does not match, and a violation says so.
  std::vector<Violation> Validate(const nlohmann::json& value) const;

 private:
  Schema(std::shared_ptr<const Program> program, const Node& root);
  std::shared_ptr<const Program> program_;
  const Node* root_;
};

}  // namespace penstock::json_schema
