#include "libs/json/validate.h"

#include <string>

#include "simdjson.h"

namespace penstock::json {

absl::Status Validate(std::string_view text) {
  // The parser keeps its buffers; one per thread grows to the largest text seen.
  thread_local simdjson::dom::parser parser;
  // simdjson counts the scalar at the bottom as a level, and an empty array or object at the bottom not at all.
  if (parser.allocate(std::max<size_t>(text.size(), 4096), kMaxDepth + 1) != simdjson::SUCCESS) {
    return absl::ResourceExhaustedError("out of memory while parsing JSON");
  }
  simdjson::error_code error = parser.parse(text.data(), text.size()).error();
  switch (error) {
    case simdjson::SUCCESS: return absl::OkStatus();
    case simdjson::DEPTH_ERROR: return absl::InvalidArgumentError("nested deeper than " + std::to_string(kMaxDepth) + " levels");
    case simdjson::UTF8_ERROR: return absl::InvalidArgumentError("not valid UTF-8");
    default: return absl::InvalidArgumentError(std::string("not valid JSON: ") + simdjson::error_message(error));
  }
}

}  // namespace penstock::json
