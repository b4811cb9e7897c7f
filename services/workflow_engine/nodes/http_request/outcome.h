// What the answer to an HTTP request means to a node: its output, or its error.
#pragma once

#include <string>
#include <vector>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

// {"status", "headers": {lower-case name: value}, "body"}: a JSON body as JSON, other text as a string, and bytes that are not UTF-8
// in base64 with "bodyEncoding": "base64".
std::string HttpOutput(const HttpResponse& response);

// `request` names it in the message ("GET https://host/path"). `repeatable`: doing it twice is doing it once.
NodeError HttpStatusError(const HttpResponse& response, const std::string& request, bool repeatable,
                          absl::Time now);

NodeError HttpFailureError(const HttpFailure& failure, bool repeatable);

// Of a Retry-After header: seconds or an HTTP date. Zero when there is none or it makes no sense; at most a day.
absl::Duration RetryAfter(const HttpResponse& response, absl::Time now);

}  // namespace penstock::workflow_engine
