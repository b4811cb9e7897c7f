// What an operation takes and answers, as JSON Schemas for people and tools.
#pragma once

#include "nlohmann/json.hpp"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

// The first form of a payload (payload.h). `schemas` is the document that the operation's schemas
// are definitions of.
nlohmann::json DescribePayload(const Operation& operation, const nlohmann::json& schemas);

// Of the lowest 2xx status that has a schema; null when none has.
nlohmann::json DescribeAnswer(const Operation& operation, const nlohmann::json& schemas);

}  // namespace penstock::connector::openapi
