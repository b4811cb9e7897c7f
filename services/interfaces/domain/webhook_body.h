// Which bodies the webhook door takes. They travel on as raw bytes, because signatures are over
// those; the engine reads them by the same content type.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace penstock::interfaces {

enum class BodyKind {
  kJson,         // application/json, +json, or no content type
  kForm,         // application/x-www-form-urlencoded: an object
  kText,         // text/plain: a string
  kUnsupported,  // 415
};

BodyKind BodyKindOf(std::string_view content_type);

// OK for an empty body (it stands for null) and for one that is what its kind says: valid UTF-8;
// JSON nested at most json::kMaxDepth deep; form pairs that decode. INVALID_ARGUMENT says what is
// wrong and, for JSON, at which byte.
absl::Status CheckBody(BodyKind kind, std::string_view body);

}  // namespace penstock::interfaces
