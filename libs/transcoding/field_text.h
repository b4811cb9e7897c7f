// Values of fields from the text of paths and query strings.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "libs/transcoding/field_path.h"

namespace penstock::transcoding {

// Sets the field that `path` leads to, or adds to it when it is repeated or a map. Takes numbers in
// decimal, true and false, text, base64 of either alphabet for bytes, enum values by name or
// number, and the JSON text of Timestamp, Duration, FieldMask and the wrappers. INVALID_ARGUMENT
// with the field named, but never its value, when that does not convert, the field is another
// message, or it is set already and takes one value.
absl::Status SetFromText(google::protobuf::Message& root, const FieldPath& path,
                         std::string_view text);

}  // namespace penstock::transcoding
