#include "services/connector/auth/placeholders.h"

#include <algorithm>

#include "fmt/format.h"

namespace penstock::connector {

std::string Placeholder(std::string_view field) { return fmt::format("{{{{secret.{}}}}}", field); }

std::string ComputedPlaceholder(std::string_view what, std::string_view field) {
  return fmt::format("{{{{{} by secret.{}}}}}", what, field);
}

Credentials PlaceholderCredentials(const std::vector<std::string>& fields) {
  Credentials credentials;
  for (const std::string& field : fields) {
    credentials.Put(field, crypto::Secret(Placeholder(field)));
  }
  return credentials;
}

std::vector<std::string> FieldsToShow(const AuthStrategy& strategy, const Json& config,
                                      const std::vector<std::string>& held_fields) {
  std::vector<std::string> fields;
  for (const SecretField& field : strategy.secret_fields(config)) {
    const bool held = std::ranges::find(held_fields, field.name) != held_fields.end();
    if (field.required || held) fields.push_back(field.name);
  }
  if (strategy.token_need(config) == TokenNeed::kGrant) fields.push_back("access_token");
  return fields;
}

}  // namespace penstock::connector
