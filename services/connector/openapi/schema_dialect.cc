#include "services/connector/openapi/schema_dialect.h"

#include <algorithm>
#include <utility>

namespace penstock::connector::openapi {
namespace {

using Json = nlohmann::json;

// {"minimum": 5, "exclusiveMinimum": true} → {"exclusiveMinimum": 5}.
void ReplaceBooleanLimit(Json& schema, const char* exclusive, const char* limit) {
  const auto flag = schema.find(exclusive);
  if (flag == schema.end() || !flag->is_boolean()) return;
  const bool is_exclusive = flag->get<bool>();
  schema.erase(flag);
  if (!is_exclusive || !schema.contains(limit)) return;
  schema[exclusive] = schema[limit];
  schema.erase(limit);
}

Json WithNull(Json schema) {
  const auto type = schema.find("type");
  if (type == schema.end() || !type->is_string()) {
    return {{"anyOf", Json::array({Json{{"type", "null"}}, std::move(schema)})}};
  }
  *type = Json::array({*type, "null"});
  const auto values = schema.find("enum");
  if (values != schema.end() && values->is_array() &&
      std::find(values->begin(), values->end(), nullptr) == values->end()) {
    values->push_back(nullptr);
  }
  return schema;
}

// Moves the members of `from` into "dependencies".
void MoveDependencies(Json& schema, const char* from) {
  const auto members = schema.find(from);
  if (members == schema.end()) return;
  if (members->is_object()) schema["dependencies"].update(*members);
  schema.erase(from);
}

}  // namespace

Json From30(Json schema) {
  ReplaceBooleanLimit(schema, "exclusiveMinimum", "minimum");
  ReplaceBooleanLimit(schema, "exclusiveMaximum", "maximum");
  const auto nullable = schema.find("nullable");
  if (nullable == schema.end()) return schema;
  const bool takes_null = *nullable == true;
  schema.erase(nullable);
  return takes_null ? WithNull(std::move(schema)) : schema;
}

Json From31(Json schema) {
  schema.erase("nullable");
  MoveDependencies(schema, "dependentRequired");
  MoveDependencies(schema, "dependentSchemas");
  const auto first = schema.find("prefixItems");
  if (first == schema.end()) return schema;
  Json items = std::move(*first);
  schema.erase("prefixItems");
  if (schema.contains("items")) schema["additionalItems"] = std::move(schema["items"]);
  schema["items"] = std::move(items);
  return schema;
}

}  // namespace penstock::connector::openapi
