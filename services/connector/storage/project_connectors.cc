#include "services/connector/storage/project_connectors.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/connector/storage/queries.h"

namespace penstock::connector::storage {
namespace {

using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;

ProjectConnector ReadRow(const Result& rows, int r) {
  return {.id = rows.Get<ProjectConnectorId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .source_project = rows.Get<ProjectId>(r, 2),
          .target_project = rows.Get<ProjectId>(r, 3),
          .target_service = rows.Get<WorkflowId>(r, 4),
          .target_interface = rows.Get<InterfaceId>(r, 5),
          .name = rows.Get<std::string>(r, 6),
          .display_name = rows.Get<std::string>(r, 7),
          .description = rows.Get<std::string>(r, 8),
          // The CHECK constraint lets no other in.
          .visibility = ParseVisibility(rows.Get<std::string_view>(r, 9)).value(),
          .auth_config = rows.Get<std::optional<std::string>>(r, 10),
          .created_by = rows.Get<std::optional<UserId>>(r, 11),
          .created_at = rows.Get<absl::Time>(r, 12),
          .updated_at = rows.Get<absl::Time>(r, 13)};
}

absl::StatusOr<ProjectConnector> OneRow(const absl::StatusOr<Result>& rows, ProjectConnectorId id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) {
    return absl::NotFoundError(fmt::format("no project connector {}", id.ToString()));
  }
  return ReadRow(*rows, 0);
}

absl::StatusOr<std::vector<ProjectConnector>> AllRows(const absl::StatusOr<Result>& rows) {
  RETURN_IF_ERROR(rows.status());
  std::vector<ProjectConnector> links;
  for (int r = 0; r < rows->rows(); ++r) links.push_back(ReadRow(*rows, r));
  return links;
}

std::optional<Jsonb> JsonOf(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  return Jsonb{*json};
}

Params FilterParams(TenantId tenant, const ProjectConnectorFilter& filter) {
  std::optional<std::string_view> visibility;
  if (filter.visibility) visibility = VisibilityName(*filter.visibility);
  Params params;
  params.Add(tenant)
      .Add(filter.source_project)
      .Add(filter.target_project)
      .Add(filter.target_service)
      .Add(visibility)
      .Add(filter.seen_from);
  return params;
}

}  // namespace

absl::StatusOr<ProjectConnector> InsertProjectConnector(Connection& connection,
                                                        const ProjectConnector& link) {
  return OneRow(
      connection.Execute(kInsertProjectConnector, Params()
                                                      .Add(link.tenant)
                                                      .Add(link.id)
                                                      .Add(link.source_project)
                                                      .Add(link.target_project)
                                                      .Add(link.target_service)
                                                      .Add(link.target_interface)
                                                      .Add(link.name)
                                                      .Add(link.display_name)
                                                      .Add(link.description)
                                                      .Add(VisibilityName(link.visibility))
                                                      .Add(JsonOf(link.auth_config))
                                                      .Add(link.created_by)),
      link.id);
}

absl::StatusOr<ProjectConnector> LoadProjectConnector(Connection& connection, TenantId tenant,
                                                      ProjectConnectorId id, Lock lock) {
  return OneRow(
      connection.Execute(lock == Lock::kNone ? kLoadProjectConnector : kLockProjectConnector,
                         Params().Add(tenant).Add(id)),
      id);
}

absl::StatusOr<std::vector<ProjectConnector>> FindProjectConnectors(Connection& connection,
                                                                    TenantId tenant,
                                                                    const std::string& name,
                                                                    ProjectId project) {
  return AllRows(
      connection.Execute(kFindProjectConnectors, Params().Add(tenant).Add(name).Add(project)));
}

absl::StatusOr<std::vector<ProjectConnector>> ListProjectConnectors(
    Connection& connection, TenantId tenant, const ProjectConnectorFilter& filter,
    std::optional<ProjectConnectorId> before, int limit) {
  Params params = FilterParams(tenant, filter);
  params.Add(before).Add(int64_t{limit});
  return AllRows(connection.Execute(kListProjectConnectors, params));
}

absl::StatusOr<int64_t> CountProjectConnectors(Connection& connection, TenantId tenant,
                                               const ProjectConnectorFilter& filter) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kCountProjectConnectors, FilterParams(tenant, filter)));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<ProjectConnector> UpdateProjectConnector(Connection& connection,
                                                        const ProjectConnector& link) {
  return OneRow(
      connection.Execute(kUpdateProjectConnector, Params()
                                                      .Add(link.tenant)
                                                      .Add(link.id)
                                                      .Add(link.display_name)
                                                      .Add(link.description)
                                                      .Add(VisibilityName(link.visibility))
                                                      .Add(JsonOf(link.auth_config))),
      link.id);
}

absl::Status DeleteProjectConnector(Connection& connection, TenantId tenant,
                                    ProjectConnectorId id) {
  return connection.Execute(kDeleteProjectConnector, Params().Add(tenant).Add(id)).status();
}

absl::StatusOr<std::optional<WorkflowId>> ServiceOfInterface(Connection& connection,
                                                             TenantId tenant, InterfaceId id) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kFindServiceOfInterface, Params().Add(tenant).Add(id)));
  return row.Get<std::optional<WorkflowId>>(0, 0);
}

}  // namespace penstock::connector::storage
