// The operations under "paths" of an api_spec.
#pragma once

#include <vector>

#include "services/connector/openapi/document.h"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

// In the order of paths. Schemas are pointers yet. What can't be called (a server of its own, a
// body that is no JSON, form or text) is left out, with a note.
std::vector<Operation> ReadOperations(const Json& spec, Findings& findings);

}  // namespace penstock::connector::openapi
