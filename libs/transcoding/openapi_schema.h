// JSON Schemas of protobuf messages as their JSON is, for OpenAPI documents.
#pragma once

#include <nlohmann/json.hpp>

#include "google/protobuf/descriptor.h"

namespace penstock::transcoding {

// Collects the schemas of messages under their full names. A message that has a form of its own in
// JSON (Timestamp, Struct, the wrappers ...) has its schema in place.
class SchemaCollector {
 public:
  nlohmann::ordered_json SchemaOf(const google::protobuf::FieldDescriptor& field);
  nlohmann::ordered_json SchemaOf(const google::protobuf::Descriptor& message);

  // What the schemas given out refer to.
  const nlohmann::json& collected() const { return collected_; }

 private:
  nlohmann::ordered_json ScalarSchemaOf(const google::protobuf::FieldDescriptor& field);

  nlohmann::json collected_ = nlohmann::json::object();  // sorted by name
};

// Whether the message's JSON is one value, such as a text, rather than an object of its fields.
bool IsValueInJson(const google::protobuf::Descriptor& message);

}  // namespace penstock::transcoding
