// From an operation and a payload to what is sent: checked whole, and never a URL.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

struct StructuredRequest {
  std::string method;
  // Below the server, percent-encoded: each parameter stays within its segment.
  std::string resource_path;
  std::vector<std::pair<std::string, std::string>> query;  // not encoded yet
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string content_type;  // empty = no body
};

// The forms of a payload: payload.h. INVALID_ARGUMENT with every violation, of payload, parameters
// and body, as fields of the request: "payload.body.items[0].id". None holds a value.
absl::StatusOr<StructuredRequest> BuildRequest(const Operation& operation,
                                               const nlohmann::json& payload);

}  // namespace penstock::connector::openapi
