// From operations whose schemas are pointers to ones whose schemas are compiled.
#pragma once

#include <optional>
#include <vector>

#include "services/connector/openapi/document.h"
#include "services/connector/openapi/operation.h"
#include "services/connector/openapi/schema_collector.h"

namespace penstock::connector::openapi {

// What requests must fit. None when something of it can't be checked, which is a problem: nothing
// is sent unchecked.
std::optional<json_schema::Schema> CompileRequests(const Json& spec, Dialect dialect,
                                                   std::vector<Operation>& operations,
                                                   Findings& findings);

// What answers should fit. Rules that can't be checked are left out, with a note. None when not
// even that helps.
std::optional<json_schema::Schema> CompileAnswers(const Json& spec, Dialect dialect,
                                                  std::vector<Operation>& operations,
                                                  Findings& findings);

}  // namespace penstock::connector::openapi
