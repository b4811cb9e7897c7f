#include "libs/transcoding/openapi_schema.h"

#include <map>
#include <string>

namespace penstock::transcoding {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::ordered_json;

const std::map<std::string, ordered_json>& WellKnown() {
  static const auto* const kSchemas = new std::map<std::string, ordered_json>{
      {"google.protobuf.Timestamp", {{"type", "string"}, {"format", "date-time"}}},
      {"google.protobuf.Duration", {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]+)?s$"}}},
      {"google.protobuf.FieldMask", {{"type", "string"}}},
      {"google.protobuf.Struct", {{"type", "object"}, {"additionalProperties", true}}},
      {"google.protobuf.Value", ordered_json::object()},
      {"google.protobuf.ListValue", {{"type", "array"}, {"items", ordered_json::object()}}},
      {"google.protobuf.Any", {{"type", "object"}, {"additionalProperties", true}}},
      {"google.protobuf.Empty", {{"type", "object"}}},
  };
  return *kSchemas;
}

bool IsWrapper(const Descriptor& message) {
  return message.file()->name() == "google/protobuf/wrappers.proto";
}

ordered_json EnumSchemaOf(const google::protobuf::EnumDescriptor& type) {
  ordered_json names = ordered_json::array();
  for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return {{"type", "string"}, {"enum", std::move(names)}};
}

}  // namespace

bool IsValueInJson(const Descriptor& message) {
  return IsWrapper(message) || WellKnown().contains(message.full_name());
}

ordered_json SchemaCollector::ScalarSchemaOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_INT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"minimum", 0}};
    case FieldDescriptor::CPPTYPE_INT64:
      return {{"type", "string"}, {"format", "int64"}};
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "uint64"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {{"type", "number"}, {"format", "double"}};
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}, {"format", "float"}};
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumSchemaOf(*field.enum_type());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SchemaOf(*field.message_type());
    default:
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        return {{"type", "string"}, {"format", "byte"}};
      }
      return {{"type", "string"}};
  }
}

ordered_json SchemaCollector::SchemaOf(const FieldDescriptor& field) {
  if (field.is_map()) {
    return {{"type", "object"},
            {"additionalProperties", ScalarSchemaOf(*field.message_type()->map_value())}};
  }
  if (field.is_repeated()) return {{"type", "array"}, {"items", ScalarSchemaOf(field)}};
  return ScalarSchemaOf(field);
}

ordered_json SchemaCollector::SchemaOf(const Descriptor& message) {
  if (const auto known = WellKnown().find(message.full_name()); known != WellKnown().end()) {
    return known->second;
  }
  if (IsWrapper(message)) return ScalarSchemaOf(*message.FindFieldByName("value"));
  const std::string& name = message.full_name();
  if (!collected_.contains(name)) {
    // In place before its fields are looked at: a message may contain itself.
    collected_[name] = nullptr;
    ordered_json properties = ordered_json::object();
    for (int i = 0; i < message.field_count(); ++i) {
      properties[message.field(i)->json_name()] = SchemaOf(*message.field(i));
    }
    collected_[name] = {{"type", "object"}, {"properties", std::move(properties)}};
  }
  return {{"$ref", "#/components/schemas/" + name}};
}

}  // namespace penstock::transcoding
