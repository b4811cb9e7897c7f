// Base of the builtin strategies: type, description and schema given once.
#pragma once

#include <string_view>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

class DescribedStrategy : public AuthStrategy {
 public:
  // The texts are constants; `schema` is the embedded schema.json.
  DescribedStrategy(std::string_view type, std::string_view description, std::string_view schema)
      : type_(type), description_(description), schema_(Json::parse(schema)) {}

  std::string_view type() const final { return type_; }
  std::string_view description() const final { return description_; }
  const Json& config_schema() const final { return schema_; }

  // Tries them on a request that is thrown away.
  absl::Status Examine(const AuthInputs& inputs) const override;

 private:
  std::string_view type_;
  std::string_view description_;
  Json schema_;
};

}  // namespace penstock::connector
