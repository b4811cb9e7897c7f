// What one schema, and checking one value against it, may cost. Whoever writes the schema is not
// trusted, and neither is whoever sends the value.
#pragma once

#include <cstddef>

namespace penstock::json_schema {

struct Limits {
  size_t max_bytes = 256 << 10;  // of the schema's text, about
  int max_depth = 32;            // of schemas within schemas
  size_t max_subschemas = 5000;
  size_t max_pattern_bytes = 1000;
  size_t max_pattern_memory = 16 << 20;  // of all patterns, with what matching may take
  size_t max_problems = 100;             // reported of a schema

  // Of one Validate(): a step is about what one simple keyword takes, 50 ns.
  size_t max_steps = 2'000'000;
  size_t max_violations = 100;
  int max_value_depth = 64;
};

}  // namespace penstock::json_schema
