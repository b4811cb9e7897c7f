// Large payloads live once in workflow.payloads; the column that would hold one holds a reference instead.
//
// A reference is JSON text that begins with a blank: ` {"$payload":"<SHA-256 in hex>"}`. No other payload does: what comes from outside is
// trimmed, and what is made here starts with its first token. So user data can't pass for a reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penstock::workflow_engine {

inline constexpr size_t kInlinePayloadBytes = 64 << 10;

// `hash` is 32 bytes.
std::string PayloadReference(std::string_view hash);

// The hash (32 bytes) that `column` refers to; nothing when it is a payload itself.
std::optional<std::string> ReferredPayload(std::string_view column);

}  // namespace penstock::workflow_engine
