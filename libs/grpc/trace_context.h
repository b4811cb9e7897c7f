// W3C trace context: reading and writing the traceparent header.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/auth/call_context.h"

namespace penstock::rpc {

// The caller's trace with a new span of ours; none when the header is not well-formed.
std::optional<auth::Trace> ParseTraceparent(std::string_view header);
// A trace that begins here.
auth::Trace NewTrace();
// The header for a call made within `trace`: ours is the parent span.
std::string Traceparent(const auth::Trace& trace);

}  // namespace penstock::rpc
