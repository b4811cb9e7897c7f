// Making, reading, changing and deleting connectors.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/connector/ops/connector_check.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/ops/connector_view.h"

namespace penstock::connector {

struct NewConnector {
  Connector connector;
  SecretValues secrets;
  std::string provider_id;  // empty = none
  std::map<std::string, std::string> variables;
  std::string request_id;
  std::string request_hash;  // 32 bytes, of everything that was asked for but secrets
};

// ALREADY_EXISTS (CONNECTOR_NAME_TAKEN, REQUEST_ID_REUSED); INVALID_ARGUMENT names every field that
// is wrong; NOT_FOUND for an unknown project or provider.
absl::StatusOr<ConnectorView> CreateConnector(const ConnectorContext& context,
                                              const auth::CallContext& caller, NewConnector asked);

absl::StatusOr<ConnectorView> GetConnector(const ConnectorContext& context,
                                           const auth::CallContext& caller, ConnectorId id);

struct ConnectorQuery {
  storage::ConnectorFilter filter;
  int32_t page_size = 0;
  std::string page_token;
};
// Newest first, without api_spec.
absl::StatusOr<paging::Page<ConnectorView>> ListConnectors(const ConnectorContext& context,
                                                           const auth::CallContext& caller,
                                                           const ConnectorQuery& query);

// Active ones of one type by name.
absl::StatusOr<std::vector<Connector>> GetConnectorsByType(const ConnectorContext& context,
                                                           const auth::CallContext& caller,
                                                           ConnectorType type,
                                                           std::optional<ProjectId> project);

struct ConnectorChange {
  Connector connector;  // its id, and the new values of `fields`
  std::set<std::string, std::less<>> fields;
  SecretValues secrets = {};
};
// FAILED_PRECONDITION (SECRETS_NEEDED, metadata fields) when the change leads secrets elsewhere and
// they did not come with it.
absl::StatusOr<ConnectorView> UpdateConnector(const ConnectorContext& context,
                                              const auth::CallContext& caller,
                                              ConnectorChange change);

absl::StatusOr<ConnectorView> SetConnectorSecrets(const ConnectorContext& context,
                                                  const auth::CallContext& caller, ConnectorId id,
                                                  SecretValues secrets,
                                                  const std::vector<std::string>& clear);

absl::Status DeleteConnector(const ConnectorContext& context, const auth::CallContext& caller,
                             ConnectorId id);

}  // namespace penstock::connector
