#include "services/connector/openapi/describe.h"

#include <deque>
#include <set>
#include <string>
#include <utility>

#include "libs/http/percent.h"
#include "libs/json_schema/pointer.h"
#include "libs/json_schema/value.h"
#include "services/connector/openapi/schema_collector.h"

namespace penstock::connector::openapi {
namespace {

constexpr size_t kMaxBytes = 256 << 10;

Json ReferenceTo(const SchemaAt& schema) {
  if (schema.pointer.empty()) return true;
  std::string escaped;
  for (const char c : SchemaCollector::DefinitionOf(schema.pointer)) {
    escaped += c == '%' ? std::string("%25") : std::string(1, c);
  }
  return {{"$ref", "#" + escaped}};
}

// Names of the definitions that `schema` refers to. "$ref" as the name of a property has no string.
void FindReferences(const Json& schema, std::deque<std::string>& found) {
  if (schema.is_object()) {
    if (const auto pointer = LocalPointer(schema.value("$ref", Json()))) found.push_back(*pointer);
  }
  if (!schema.is_structured()) return;
  for (const Json& part : schema) FindReferences(part, found);
}

// Adds the definitions that are needed, as long as there is room.
Json WithDefinitions(Json schema, const Json& schemas) {
  std::deque<std::string> todo;
  std::set<std::string> known;
  FindReferences(schema, todo);
  size_t bytes = json_schema::Weigh(schema);
  for (; !todo.empty(); todo.pop_front()) {
    const std::string pointer = todo.front();
    const Json* definition = json_schema::Find(schemas, pointer);
    if (definition == nullptr || !known.insert(pointer).second) continue;
    const size_t weight = json_schema::Weigh(*definition);
    // The name is a single step behind "/definitions/".
    Json::json_pointer place(pointer);
    if (bytes + weight > kMaxBytes) {
      schema[place] = true;
      continue;
    }
    bytes += weight;
    schema[place] = *definition;
    FindReferences(*definition, todo);
  }
  return schema;
}

const char* GroupOf(ParameterPlace place) {
  switch (place) {
    case ParameterPlace::kPath:
      return "path";
    case ParameterPlace::kQuery:
      return "query";
    case ParameterPlace::kHeader:
      return "header";
  }
  return "";
}

Json EmptyObject() {
  return {{"type", "object"},
          {"properties", Json::object()},
          {"required", Json::array()},
          {"additionalProperties", false}};
}

}  // namespace

Json DescribePayload(const Operation& operation, const Json& schemas) {
  Json payload = EmptyObject();
  for (const Parameter& parameter : operation.parameters) {
    const char* name = GroupOf(parameter.place);
    Json& group = payload["properties"][name];
    if (group.is_null()) group = EmptyObject();
    group["properties"][parameter.name] = ReferenceTo(parameter.schema);
    if (parameter.is_required) group["required"].push_back(parameter.name);
  }
  for (const auto& [name, group] : payload["properties"].items()) {
    if (!group["required"].empty()) payload["required"].push_back(name);
  }
  if (operation.body) {
    payload["properties"]["body"] = ReferenceTo(operation.body->schema);
    if (operation.body->is_required) payload["required"].push_back("body");
  }
  return WithDefinitions(std::move(payload), schemas);
}

Json DescribeAnswer(const Operation& operation, const Json& schemas) {
  for (const ResponseRule& rule : operation.responses) {  // sorted by status
    if (rule.status.rfind('2', 0) == 0 && rule.schema.compiled) {
      return WithDefinitions(ReferenceTo(rule.schema), schemas);
    }
  }
  return nullptr;
}

}  // namespace penstock::connector::openapi
