// The answer of an RPC as an HTTP response.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "libs/http/message.h"
#include "libs/transcoding/binding.h"

namespace penstock::transcoding {

// JSON as protobuf has it: names in lowerCamelCase, enums by name, 64-bit integers as text, and
// fields with default values too, but for messages and optional fields that are not set. 201 for a
// POST of an RPC named Create..., 204 without a body where the RPC's response has no fields at all,
// else 200. INTERNAL when the message can't be JSON.
absl::StatusOr<http::Response> MakeResponse(const Binding& binding,
                                            const google::protobuf::Message& response);

// The status that a success has.
int SuccessStatusOf(const Binding& binding);

}  // namespace penstock::transcoding
