// The ways to authenticate that this service knows: an explicit, immutable list.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/json/schema.h"
#include "services/connector/auth/strategy.h"

namespace penstock::connector {

class AuthStrategies {
 public:
  // INVALID_ARGUMENT when two strategies share a type, or a config schema can't be used.
  static absl::StatusOr<AuthStrategies> Create(
      std::vector<std::unique_ptr<AuthStrategy>> strategies);

  // Null when unknown.
  const AuthStrategy* Find(std::string_view type) const;
  // Everything that is wrong with an auth_config of `strategy`, one of all(): secrets that stand
  // in it, the schema, what the schema can't say. Fields are relative to the config.
  void Check(const AuthStrategy& strategy, const Json& config,
             std::vector<FieldViolation>& wrong) const;
  // Sorted by type.
  const std::vector<std::unique_ptr<AuthStrategy>>& all() const { return strategies_; }

 private:
  std::vector<std::unique_ptr<AuthStrategy>> strategies_;
  std::vector<json::Schema> schemas_;  // parallel
};

}  // namespace penstock::connector
