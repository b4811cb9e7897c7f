#include "services/connector/domain/connector.h"

#include "fmt/format.h"

namespace penstock::connector {
namespace {

constexpr std::pair<ConnectorType, std::string_view> kTypes[] = {
    {ConnectorType::kEmail, "email"},       {ConnectorType::kSlack, "slack"},
    {ConnectorType::kDatabase, "database"}, {ConnectorType::kApi, "api"},
    {ConnectorType::kOauth, "oauth"},
};

}  // namespace

std::string_view ConnectorTypeName(ConnectorType type) {
  for (const auto& [known, name] : kTypes) {
    if (known == type) return name;
  }
  return "api";
}

std::optional<ConnectorType> ParseConnectorType(std::string_view name) {
  for (const auto& [type, known] : kTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

std::string_view SecretStorageName(SecretStorage storage) {
  return storage == SecretStorage::kVault ? "vault" : "sealed";
}

std::string VaultPathOf(TenantId tenant, ConnectorId id) {
  return fmt::format("tenant/{}/connector/{}", tenant.ToString(), id.ToString());
}

}  // namespace penstock::connector
