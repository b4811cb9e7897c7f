// What a caller sends along with an operation's name, taken apart.
//
// Two forms. {"path": {...}, "query": {...}, "header": {...}, "body": ...}: a payload that has only
// members of these names is always taken for this one. Or flat, {"owner": "a", "title": "b"}:
// members named like a parameter are that parameter, all others together are the body.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/connector/openapi/operation.h"

namespace penstock::connector::openapi {

struct Argument {
  const Parameter* parameter;
  const nlohmann::json* value;  // of the payload
  std::string field;            // "payload.path.owner"
};

struct Payload {
  std::vector<Argument> arguments;
  std::optional<nlohmann::json> body;
  std::string body_field = "payload";
};

// Adds to `wrong`: members that nothing takes, and what is required and missing.
Payload TakeApart(const Operation& operation, const nlohmann::json& payload,
                  std::vector<FieldViolation>& wrong);

}  // namespace penstock::connector::openapi
