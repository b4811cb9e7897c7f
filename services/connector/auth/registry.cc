#include "services/connector/auth/registry.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/connector/auth/inline_secrets.h"

namespace penstock::connector {
namespace {

std::string_view TypeOf(const std::unique_ptr<AuthStrategy>& strategy) { return strategy->type(); }

}  // namespace

absl::StatusOr<AuthStrategies> AuthStrategies::Create(
    std::vector<std::unique_ptr<AuthStrategy>> strategies) {
  std::ranges::sort(strategies, {}, TypeOf);
  const auto twin = std::ranges::adjacent_find(strategies, {}, TypeOf);
  if (twin != strategies.end()) {
    return absl::InvalidArgumentError(
        fmt::format("two auth strategies have the type \"{}\"", (*twin)->type()));
  }
  AuthStrategies result;
  for (const std::unique_ptr<AuthStrategy>& strategy : strategies) {
    absl::StatusOr<json::Schema> schema = json::Schema::Create(strategy->config_schema());
    if (!schema.ok()) {
      return WithContext(schema.status(), fmt::format("config schema of \"{}\"", strategy->type()));
    }
    result.schemas_.push_back(*std::move(schema));
  }
  result.strategies_ = std::move(strategies);
  return result;
}

const AuthStrategy* AuthStrategies::Find(std::string_view type) const {
  const auto found = std::ranges::lower_bound(strategies_, type, {}, TypeOf);
  return found != strategies_.end() && (*found)->type() == type ? found->get() : nullptr;
}

void AuthStrategies::Check(const AuthStrategy& strategy, const Json& config,
                           std::vector<FieldViolation>& wrong) const {
  const size_t before = wrong.size();
  CheckNoInlineSecrets(config, wrong);
  // What the schema says of a secret's member, that it is unknown, would only be in the way.
  if (wrong.size() > before) return;
  const auto found = std::ranges::lower_bound(strategies_, strategy.type(), {}, TypeOf);
  const json::Schema& schema = schemas_[static_cast<size_t>(found - strategies_.begin())];
  for (json::SchemaViolation& violation : schema.Validate(config)) {
    wrong.push_back({std::move(violation.path), std::move(violation.description)});
  }
  if (wrong.size() == before) strategy.Check(config, wrong);
}

}  // namespace penstock::connector
