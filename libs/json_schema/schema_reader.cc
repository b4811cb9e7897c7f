#include "libs/json_schema/schema_reader.h"

#include <cstdint>

#include "fmt/format.h"
#include "libs/json_schema/number.h"
#include "libs/json_schema/pointer.h"
#include "libs/json_schema/reference.h"

namespace penstock::json_schema {
namespace {

// Of later drafts. draft-07 would pass over them, and let through what their author meant to
// refuse.
constexpr const char* kLaterKeywords[] = {
    "$anchor",     "$dynamicRef", "$recursiveRef", "dependentRequired", "dependentSchemas",
    "maxContains", "minContains", "prefixItems",   "unevaluatedItems",  "unevaluatedProperties",
};

bool IsDraft7(const Json& uri) {
  return uri == "http://json-schema.org/draft-07/schema#" ||
         uri == "http://json-schema.org/draft-07/schema" ||
         uri == "https://json-schema.org/draft-07/schema#" ||
         uri == "https://json-schema.org/draft-07/schema";
}

}  // namespace

void SchemaReader::Read() {
  if (const Json* reference = FindKeyword("$ref")) {
    // What stands beside it is not looked at, but may be referred to.
    NamedSubschemas("definitions");
    ReadReference(*reference);
    return;
  }
  if (const Json* id = FindKeyword("$id")) {
    base_ = compiler_.Identify(*id, schema_, node_, base_);
  }
  ReadAnnotations();
  ReadTypeKeywords(*this);
  ReadNumberKeywords(*this);
  ReadStringKeywords(*this);
  ReadArrayKeywords(*this);
  ReadObjectKeywords(*this);
  ReadLogicKeywords(*this);
}

void SchemaReader::ReadReference(const Json& uri) {
  auto reference = std::make_unique<Reference>(node_);
  compiler_.Bind(*reference, node_, uri, base_);
  if (uri.is_string()) node_.keywords.push_back(std::move(reference));
}

void SchemaReader::ReadAnnotations() {
  for (const char* keyword : {"title", "description", "$comment"}) Text(keyword);
  for (const char* keyword : {"readOnly", "writeOnly"}) {
    const Json* value = FindKeyword(keyword);
    if (value && !value->is_boolean()) Problem(std::string("/") + keyword, "must be true or false");
  }
  const Json* examples = FindKeyword("examples");
  if (examples && !examples->is_array()) Problem("/examples", "must be an array");
  const Json* dialect = FindKeyword("$schema");
  if (dialect && !IsDraft7(*dialect)) {
    Problem("/$schema",
            "must be \"http://json-schema.org/draft-07/schema#\", the draft that is read");
  }
  for (const char* keyword : kLaterKeywords) {
    if (FindKeyword(keyword)) {
      Problem(std::string("/") + keyword, "is not of draft-07, the draft that is read");
    }
  }
  NamedSubschemas("definitions");
}

const Json* SchemaReader::FindKeyword(const char* keyword) const {
  const auto found = schema_.find(keyword);
  return found == schema_.end() ? nullptr : &*found;
}

std::optional<size_t> SchemaReader::Count(const char* keyword) {
  const Json* value = FindKeyword(keyword);
  if (value == nullptr) return std::nullopt;
  static const Json zero = 0, largest = UINT32_MAX;
  if (!value->is_number() || !IsInteger(*value) || CompareNumbers(*value, zero) < 0) {
    Problem(std::string("/") + keyword, "must be an integer, 0 or more");
    return std::nullopt;
  }
  return CompareNumbers(*value, largest) > 0 ? UINT32_MAX : value->get<size_t>();
}

const Json* SchemaReader::Number(const char* keyword) {
  const Json* value = FindKeyword(keyword);
  if (value == nullptr || value->is_number()) return value;
  Problem(std::string("/") + keyword, "must be a number");
  return nullptr;
}

std::optional<std::string> SchemaReader::Text(const char* keyword) {
  const Json* value = FindKeyword(keyword);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  Problem(std::string("/") + keyword, "must be a string");
  return std::nullopt;
}

std::vector<std::string> SchemaReader::Names(const Json& names, std::string_view below) {
  std::vector<std::string> read;
  bool strings = names.is_array();
  if (strings) {
    for (const Json& name : names) {
      if (name.is_string()) read.push_back(name.get<std::string>());
    }
    strings = read.size() == names.size();
  }
  if (!strings) Problem(below, "must be an array of strings");
  return read;
}

const Node* SchemaReader::Child(const Json& schema, std::string step) {
  return compiler_.Compile(schema, {&node_, std::move(step), base_, depth_ + 1});
}

const Node* SchemaReader::Subschema(const char* keyword) {
  const Json* schema = FindKeyword(keyword);
  return schema == nullptr ? nullptr : Child(*schema, std::string("/") + keyword);
}

std::vector<const Node*> SchemaReader::Subschemas(const char* keyword) {
  std::vector<const Node*> nodes;
  const Json* schemas = FindKeyword(keyword);
  if (schemas == nullptr) return nodes;
  if (!schemas->is_array() || schemas->empty()) {
    Problem(std::string("/") + keyword, "must be an array of schemas, not an empty one");
    return nodes;
  }
  for (size_t i = 0; i < schemas->size(); ++i) {
    nodes.push_back(Child((*schemas)[i], fmt::format("/{}/{}", keyword, i)));
  }
  return nodes;
}

std::vector<std::pair<std::string, const Node*>> SchemaReader::NamedSubschemas(
    const char* keyword) {
  std::vector<std::pair<std::string, const Node*>> nodes;
  const Json* schemas = FindKeyword(keyword);
  if (schemas == nullptr) return nodes;
  if (!schemas->is_object()) {
    Problem(std::string("/") + keyword, "must be an object whose members are schemas");
    return nodes;
  }
  for (const auto& [name, schema] : schemas->items()) {
    nodes.emplace_back(name, Child(schema, fmt::format("/{}/{}", keyword, EscapeStep(name))));
  }
  return nodes;
}

const Pattern* SchemaReader::CompilePattern(const std::string& text, std::string_view below) {
  return compiler_.CompilePattern(text, node_.Path() + std::string(below));
}

void SchemaReader::Problem(std::string_view below, std::string text) {
  compiler_.Problem(node_.Path() + std::string(below), std::move(text));
}

}  // namespace penstock::json_schema
