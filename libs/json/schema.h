// JSON Schema (draft 7) for schemas of our own making.
//
// Not for schemas that tenants write: the validator behind it evaluates "pattern" and "format" with std::regex, which one crafted
// pattern can crash or stall. Create() therefore refuses the keywords that need it, and "$ref".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace penstock::json {

// One way in which a value does not match.
struct SchemaViolation {
  std::string path;         // within the value, for example "cases[0].label"; empty = the value itself
  std::string description;  // what the schema asks for
};

class Schema {
 public:
  // INVALID_ARGUMENT when `schema` is not one, or uses what is refused.
  static absl::StatusOr<Schema> Create(const nlohmann::json& schema);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  // Every violation; none = it matches.
  std::vector<SchemaViolation> Validate(const nlohmann::json& value) const;

 private:
  struct Compiled;
  explicit Schema(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace penstock::json
