// Between JSON text, which is how payloads travel inside, and google.protobuf.Value, which is how people write them in calls.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/struct.pb.h"

namespace penstock::json {

// Compact JSON text. Whole numbers up to 2^53 are written without a fraction. A Value without a kind is null. INVALID_ARGUMENT for NaN and
// infinities, invalid UTF-8, and nesting deeper than kMaxDepth (libs/json/validate.h).
absl::StatusOr<std::string> FromProto(const google::protobuf::Value& value);
absl::StatusOr<std::string> FromProto(const google::protobuf::Struct& value);

// INVALID_ARGUMENT when `text` is not JSON, or (for a Struct) not an object. Numbers become doubles: integers beyond 2^53 lose digits here,
// and only here.
absl::Status ToProto(std::string_view text, google::protobuf::Value& value);
absl::Status ToProto(std::string_view text, google::protobuf::Struct& value);

}  // namespace penstock::json
