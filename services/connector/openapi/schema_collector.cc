#include "services/connector/openapi/schema_collector.h"

#include <algorithm>
#include <utility>

#include "libs/json_schema/pointer.h"
#include "services/connector/openapi/schema_dialect.h"

namespace penstock::connector::openapi {
namespace {

// Over all directions: a spec of 4 MiB that refers into its own parts could become many times that.
constexpr size_t kMaxSchemas = 100'000;

// Taken as they are.
constexpr const char* kPlain[] = {
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "default",
    "contentEncoding",
    "contentMediaType",
    "nullable",
    "dependentRequired",
};
constexpr const char* kSchemas[] = {
    "not", "items", "additionalProperties", "contains", "propertyNames", "if", "then", "else"};
constexpr const char* kListsOfSchemas[] = {"allOf", "anyOf", "oneOf", "prefixItems"};
constexpr const char* kMapsOfSchemas[] = {"properties", "patternProperties", "dependentSchemas"};
constexpr const char* kUnchecked[] = {"$dynamicRef", "unevaluatedItems", "unevaluatedProperties",
                                      "minContains", "maxContains"};

}  // namespace

std::string SchemaCollector::DefinitionOf(const std::string& pointer) {
  return "/definitions/" + json_schema::EscapeStep(pointer);
}

void SchemaCollector::Use(const std::string& pointer) {
  Plan(pointer);
  while (!todo_.empty()) {
    const std::string next = std::move(todo_.back());
    todo_.pop_back();
    Take(next);
  }
}

void SchemaCollector::Plan(const std::string& pointer) {
  if (known_.insert(pointer).second) todo_.push_back(pointer);
}

void SchemaCollector::Take(const std::string& pointer) {
  definitions_[pointer] = Translate({json_schema::Find(document_, pointer), pointer});
}

Json SchemaCollector::TakeSchemas() {
  if (taken_ >= kMaxSchemas) definitions_.clear();  // what has holes is not worth compiling
  return {{"definitions", std::move(definitions_)}};
}

Json SchemaCollector::Translate(const Place& schema) {
  if (++taken_ == kMaxSchemas) findings_.Problem("", "has too many schemas");
  if (taken_ >= kMaxSchemas || !schema.value->is_object()) {
    return taken_ >= kMaxSchemas ? Json(true) : *schema.value;
  }
  const std::optional<Place> reference = schema.Member("$ref");
  if (reference && dialect_ == Dialect::k30) return TranslateReference(*reference);
  Json out = Json::object();
  TranslateParts(schema, out);
  out = dialect_ == Dialect::k30 ? From30(std::move(out)) : From31(std::move(out));
  if (!reference) return out;
  // In 3.1 what stands beside a reference holds too.
  Json target = TranslateReference(*reference);
  if (out.empty()) return target;
  return {{"allOf", Json::array({std::move(target), std::move(out)})}};
}

Json SchemaCollector::TranslateReference(const Place& reference) {
  const std::optional<std::string> pointer = LocalPointer(*reference.value);
  if (!pointer || json_schema::Find(document_, *pointer) == nullptr) {
    findings_.Problem(reference.pointer, pointer ? "leads to nothing in this document"
                                                 : "must be \"#/...\": a place in this document");
    return true;
  }
  Plan(*pointer);
  std::string escaped;
  for (const char c : json_schema::EscapeStep(*pointer)) {
    escaped += c == '%' ? std::string("%25") : std::string(1, c);
  }
  return {{"$ref", "#/definitions/" + escaped}};
}

void SchemaCollector::TranslateParts(const Place& schema, Json& out) {
  for (const char* name : kPlain) {
    if (const std::optional<Place> part = schema.Member(name)) out[name] = *part->value;
  }
  for (const char* name : {"title", "description"}) {
    if (std::string text = schema.Text(name); !text.empty()) out[name] = std::move(text);
  }
  for (const char* name : kSchemas) {
    if (const std::optional<Place> part = schema.Member(name)) out[name] = Translate(*part);
  }
  if (schema.Member("minContains")) out.erase("contains");  // means less then
  for (const char* name : kListsOfSchemas) {
    const std::optional<Place> list = schema.Member(name);
    if (!list) continue;
    out[name] = list->value->is_array() ? Json::array() : *list->value;
    for (size_t i = 0; list->value->is_array() && i < list->value->size(); ++i) {
      out[name].push_back(Translate(list->Item(i)));
    }
  }
  for (const char* name : kMapsOfSchemas) {
    const std::optional<Place> map = schema.Member(name);
    if (!map) continue;
    out[name] = map->value->is_object() ? Json::object() : *map->value;
    if (!map->value->is_object()) continue;
    for (const auto& [key, part] : map->value->items())
      out[name][key] = Translate(*map->Member(key));
  }
  for (const char* name : kUnchecked) {
    if (schema.Member(name)) findings_.Note(schema.pointer + "/" + name, "is not checked");
  }
  TranslateRequired(schema, out);
}

void SchemaCollector::TranslateRequired(const Place& schema, Json& out) {
  const std::optional<Place> required = schema.Member("required");
  if (!required) return;
  out["required"] = *required->value;
  const std::optional<Place> properties = schema.Member("properties");
  if (!required->value->is_array() || !properties || !properties->value->is_object()) return;
  Json& names = out["required"];
  names.erase(std::remove_if(names.begin(), names.end(),
                             [&](const Json& name) {
                               if (!name.is_string()) return false;
                               const auto property =
                                   properties->value->find(name.get<std::string>());
                               return property != properties->value->end() && IsLeftOut(*property);
                             }),
              names.end());
}

bool SchemaCollector::IsLeftOut(const Json& property) const {
  const Json* at = &property;
  if (const std::optional<Place> reference = Place{at, ""}.Member("$ref")) {
    const std::optional<std::string> pointer = LocalPointer(*reference->value);
    at = pointer ? json_schema::Find(document_, *pointer) : nullptr;
  }
  return at != nullptr &&
         Place{at, ""}.IsSet(direction_ == Direction::kRequest ? "readOnly" : "writeOnly");
}

}  // namespace penstock::connector::openapi
