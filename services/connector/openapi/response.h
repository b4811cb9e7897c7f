// Whether an answer is what the api_spec says.
#pragma once

#include <string_view>
#include <vector>

#include "libs/json_schema/violation.h"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

// Empty when it is, or when the spec says nothing that can be checked. To be reported, never a
// reason to withhold the answer. Holds nothing of the body but names of members.
std::vector<json_schema::Violation> CheckResponse(const Operation& operation, int status,
                                                  std::string_view body);

}  // namespace penstock::connector::openapi
