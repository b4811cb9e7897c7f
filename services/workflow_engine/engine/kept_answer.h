// A response node's answer as its row keeps it: the body is the node's output, so only how it was sent is kept beside it.
#pragma once

#include <string_view>

#include "services/workflow_engine/engine/changes.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

// {"status", "contentType", "headers": [[name, value], ...]}; null for a plain answer: 200, no headers, the content type that goes with
// the output.
Text AnswerHead(const Complete::Response& response, std::string_view output);

// The answer again. `output` is the node's: a JSON string was sent as its text, anything else as JSON.
Complete::Response KeptAnswer(std::string_view output, const Text& head);

}  // namespace penstock::workflow_engine
