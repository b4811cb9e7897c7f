// Connectors in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/connector/domain/connector.h"

namespace penstock::connector::storage {

enum class Lock { kNone, kForChange };

// What tells a repeated call from another one; the id is empty for a call without one.
struct CreateRequest {
  std::string id = {};
  std::string hash = {};  // 32 bytes
};

struct ConnectorOfRequest {
  ConnectorId connector;
  std::string hash;
};

struct ConnectorFilter {
  std::optional<ProjectId> project = {};
  std::string service_name = {};  // empty = any
  std::optional<ConnectorType> type = {};
  std::optional<bool> is_active = {};
};

// ALREADY_EXISTS names the constraint: integration_connectors_name_unique or
// integration_connectors_request_id_unique.
absl::Status InsertConnector(postgres::Connection& connection, const Connector& connector,
                             UserId created_by, const CreateRequest& request);
absl::StatusOr<std::optional<ConnectorOfRequest>> FindConnectorByRequest(
    postgres::Connection& connection, TenantId tenant, const std::string& request_id);
// NOT_FOUND when the tenant has no such connector.
absl::StatusOr<Connector> LoadConnector(postgres::Connection& connection, TenantId tenant,
                                        ConnectorId id, Lock lock);
// The project's own before the tenant's.
absl::StatusOr<std::optional<ConnectorId>> FindConnectorByName(postgres::Connection& connection,
                                                               TenantId tenant,
                                                               const std::string& name,
                                                               std::optional<ProjectId> project);
// Newest first, without api_spec.
absl::StatusOr<std::vector<Connector>> ListConnectors(postgres::Connection& connection,
                                                      TenantId tenant,
                                                      const ConnectorFilter& filter,
                                                      std::optional<ConnectorId> before, int limit);
absl::StatusOr<int64_t> CountConnectors(postgres::Connection& connection, TenantId tenant,
                                        const ConnectorFilter& filter);
// Active ones by name, with id, name, display name and service name only; at most 200.
absl::StatusOr<std::vector<Connector>> ListConnectorsOfType(postgres::Connection& connection,
                                                            TenantId tenant, ConnectorType type,
                                                            std::optional<ProjectId> project);
// Writes what may change, and counts the change.
absl::Status UpdateConnector(postgres::Connection& connection, const Connector& connector);
// Counts a change of its secrets.
absl::Status TouchConnector(postgres::Connection& connection, TenantId tenant, ConnectorId id);
absl::Status DeleteConnector(postgres::Connection& connection, TenantId tenant, ConnectorId id);
absl::Status NoteSuccess(postgres::Connection& connection, TenantId tenant, ConnectorId id);
absl::Status NoteFailure(postgres::Connection& connection, TenantId tenant, ConnectorId id,
                         const CallError& error);
absl::StatusOr<bool> HasProject(postgres::Connection& connection, TenantId tenant,
                                ProjectId project);

}  // namespace penstock::connector::storage
