// Base of the builtin types: name, description and schema given once.
#pragma once

#include <initializer_list>
#include <string_view>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

class DescribedType : public NodeType {
 public:
  // The texts are constants; `schema` is the embedded schema.json.
  DescribedType(std::string_view name, std::string_view description, std::string_view schema)
      : name_(name), description_(description), schema_(Json::parse(schema)) {}

  std::string_view name() const final { return name_; }
  std::string_view description() const final { return description_; }
  const Json& config_schema() const final { return schema_; }

 protected:
  // Those members of config that there are.
  static Json Members(const NodeDefinition& node, std::initializer_list<const char*> names) {
    Json members = Json::object();
    for (const char* name : names) {
      if (node.config.contains(name)) members[name] = node.config[name];
    }
    return members;
  }

 private:
  std::string_view name_;
  std::string_view description_;
  Json schema_;
};

}  // namespace penstock::workflow_engine
