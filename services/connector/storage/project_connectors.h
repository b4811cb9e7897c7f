// Project connectors in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/connector/domain/project_connector.h"
#include "services/connector/storage/connectors.h"

namespace penstock::connector::storage {

struct ProjectConnectorFilter {
  std::optional<ProjectId> source_project = {}, target_project = {};
  std::optional<WorkflowId> target_service = {};
  std::optional<Visibility> visibility = {};
  // What this project's workflows may use, and what leads to it.
  std::optional<ProjectId> seen_from = {};
};

// ALREADY_EXISTS names the constraint project_connectors_name_unique; FAILED_PRECONDITION the link
// of the chain that does not hold: project_connectors_source_project_exists,
// ..._target_project_exists, ..._service_of_project, ..._interface_of_service.
absl::StatusOr<ProjectConnector> InsertProjectConnector(postgres::Connection& connection,
                                                        const ProjectConnector& link);
// NOT_FOUND when the tenant has no such one.
absl::StatusOr<ProjectConnector> LoadProjectConnector(postgres::Connection& connection,
                                                      TenantId tenant, ProjectConnectorId id,
                                                      Lock lock);
// What workflows of the project may use by that name, the project's own first; two at most.
absl::StatusOr<std::vector<ProjectConnector>> FindProjectConnectors(
    postgres::Connection& connection, TenantId tenant, const std::string& name, ProjectId project);
// Newest first.
absl::StatusOr<std::vector<ProjectConnector>> ListProjectConnectors(
    postgres::Connection& connection, TenantId tenant, const ProjectConnectorFilter& filter,
    std::optional<ProjectConnectorId> before, int limit);
absl::StatusOr<int64_t> CountProjectConnectors(postgres::Connection& connection, TenantId tenant,
                                               const ProjectConnectorFilter& filter);
// Writes what may change.
absl::StatusOr<ProjectConnector> UpdateProjectConnector(postgres::Connection& connection,
                                                        const ProjectConnector& link);
absl::Status DeleteProjectConnector(postgres::Connection& connection, TenantId tenant,
                                    ProjectConnectorId id);
// None when the tenant has no such interface.
absl::StatusOr<std::optional<WorkflowId>> ServiceOfInterface(postgres::Connection& connection,
                                                             TenantId tenant, InterfaceId id);

}  // namespace penstock::connector::storage
