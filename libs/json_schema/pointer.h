// JSON pointers (RFC 6901).
#pragma once

#include <string>
#include <string_view>

#include "nlohmann/json.hpp"

namespace penstock::json_schema {

using Json = nlohmann::json;

// One member's name as a step of a pointer, without the slash: "a/b" → "a~1b".
std::string EscapeStep(std::string_view name);

// What `pointer` leads to; null when there is nothing, or it is no pointer.
const Json* Find(const Json& document, std::string_view pointer);

// As fields of requests are named: "/cases/0/label" → "cases[0].label".
std::string FieldPath(std::string_view pointer);

}  // namespace penstock::json_schema
