#include "services/interfaces/storage/projects.h"

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

Project ReadRow(const Result& rows, int r) {
  return {.id = rows.Get<ProjectId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .name = rows.Get<std::string>(r, 2),
          .description = rows.Get<std::string>(r, 3),
          .is_default = rows.Get<bool>(r, 4),
          .created_at = rows.Get<absl::Time>(r, 5),
          .updated_at = rows.Get<absl::Time>(r, 6)};
}

absl::StatusOr<Project> OneRow(const absl::StatusOr<Result>& rows, ProjectId id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) return absl::NotFoundError(fmt::format("no project {}", id.ToString()));
  return ReadRow(*rows, 0);
}

}  // namespace

absl::StatusOr<Project> InsertProject(Connection& connection, const Project& project) {
  return OneRow(
      connection.Execute(
          kInsertProject,
          Params().Add(project.tenant).Add(project.id).Add(project.name).Add(project.description)),
      project.id);
}

absl::Status InsertDefaultTaskQueue(Connection& connection, const Project& project,
                                    const Uuid& queue) {
  return connection
      .Execute(kInsertDefaultTaskQueue, Params().Add(project.tenant).Add(queue).Add(project.id))
      .status();
}

absl::StatusOr<Project> LoadProject(Connection& connection, TenantId tenant, ProjectId id,
                                    Lock lock) {
  return OneRow(connection.Execute(lock == Lock::kNone ? kLoadProject : kLockProject,
                                   Params().Add(tenant).Add(id)),
                id);
}

absl::StatusOr<std::vector<Project>> ListProjects(Connection& connection, TenantId tenant,
                                                  std::optional<ProjectId> only,
                                                  std::optional<ProjectId> before, int limit) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kListProjects, Params().Add(tenant).Add(only).Add(before).Add(
                                                         int64_t{limit})));
  std::vector<Project> projects;
  for (int r = 0; r < rows.rows(); ++r) projects.push_back(ReadRow(rows, r));
  return projects;
}

absl::StatusOr<int64_t> CountProjects(Connection& connection, TenantId tenant,
                                      std::optional<ProjectId> only) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kCountProjects, Params().Add(tenant).Add(only)));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<Project> UpdateProject(Connection& connection, const Project& project) {
  return OneRow(connection.Execute(kUpdateProject, Params()
                                                       .Add(project.tenant)
                                                       .Add(project.id)
                                                       .Add(project.name)
                                                       .Add(project.description)
                                                       .Add(project.is_default)),
                project.id);
}

absl::Status ClearDefaultProject(Connection& connection, TenantId tenant) {
  return connection.Execute(kClearDefaultProject, Params().Add(tenant)).status();
}

absl::Status DeleteProject(Connection& connection, TenantId tenant, ProjectId id) {
  return connection.Execute(kDeleteProject, Params().Add(tenant).Add(id)).status();
}

}  // namespace penstock::interfaces::storage
