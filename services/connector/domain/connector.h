// A connector: a third-party system and how to authenticate to it. Never a secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "services/connector/credentials/use.h"

namespace penstock::connector {

using ConnectorId = TypedId<struct ConnectorTag>;
using GrantId = TypedId<struct GrantTag>;

enum class ConnectorType { kEmail, kSlack, kDatabase, kApi, kOauth };
// "email", ... as stored.
std::string_view ConnectorTypeName(ConnectorType type);
std::optional<ConnectorType> ParseConnectorType(std::string_view name);

std::string_view SecretStorageName(SecretStorage storage);

// Why a call failed, without the third party's words: those may repeat a secret.
struct CallError {
  std::string reason = {};  // "UPSTREAM_FAILED"
  std::string message = {};
  int http_status = 0;  // 0 = no answer
  absl::Time at = {};
};

struct Connector {
  ConnectorId id = {};
  TenantId tenant = {};
  std::optional<ProjectId> project = {};  // none: the whole tenant's
  std::string name = {};
  std::string display_name = {};
  std::string description = {};
  std::string service_name = {};
  ConnectorType type = ConnectorType::kApi;
  std::string auth_type = {};
  std::string auth_config = "{}";  // JSON objects, as are those below
  std::string base_url = {};
  std::vector<std::string> allowed_hosts = {};
  SecretStorage secret_storage = SecretStorage::kSealed;
  std::optional<GrantId> grant = {};
  std::string config_schema = "{}";
  std::string config_data = "{}";
  std::optional<std::string> api_spec = {};
  std::vector<std::string> scopes = {};
  std::vector<std::string> classifications = {};
  std::string metadata = "{}";
  std::optional<std::string> test_request = {};  // Provider.TestRequest
  std::optional<std::string> pagination = {};    // Provider.Pagination
  std::optional<double> rate_limit = {};         // calls per second
  std::optional<absl::Duration> timeout = {};
  bool is_active = true;
  std::optional<absl::Time> last_connected_at = {};
  std::optional<CallError> last_error = {};
  int64_t version = 1;  // counts changes
  absl::Time created_at = {}, updated_at = {};
};

// What a call may take at most when the connector says nothing.
inline constexpr absl::Duration kDefaultCallTimeout = absl::Seconds(15);

// Where Vault has a connector's secrets, behind the configured mount. Callers name no paths.
std::string VaultPathOf(TenantId tenant, ConnectorId id);

}  // namespace penstock::connector
