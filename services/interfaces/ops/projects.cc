#include "services/interfaces/ops/projects.h"

#include <utility>
#include <vector>

#include "libs/paging/id_position.h"
#include "libs/postgres/sqlstate.h"
#include "libs/request/caller.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;

constexpr char kList[] = "projects";

absl::Status Explain(const absl::Status& status) {
  const std::string constraint = postgres::ConstraintOf(status);
  if (constraint == "projects_name_unique") {
    return WithReason(absl::AlreadyExistsError("there is a project with this name"),
                      "PROJECT_NAME_TAKEN");
  }
  if (constraint == "workflows_project_exists") {
    return WithReason(absl::FailedPreconditionError("the project still has workflows"),
                      "PROJECT_NOT_EMPTY");
  }
  return status;
}

absl::Status CheckProject(const std::string& name, const std::string& description) {
  std::vector<FieldViolation> wrong;
  CheckText(name, "project.name", {.min = 1, .max = 100}, wrong);
  CheckText(description, "project.description", {.max = 500}, wrong);
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

absl::Status IsDefault(const char* what) {
  return WithReason(absl::FailedPreconditionError(what), "DEFAULT_PROJECT");
}

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   ProjectId id) {
  return storage::AppendAudit(
      connection, caller,
      {.action = action, .resource_type = "project", .resource_id = id.ToString()});
}

template <typename Body>
absl::StatusOr<Project> Run(const IdentityContext& context, const CallContext& caller, Body body) {
  absl::StatusOr<Project> project =
      RunInTransactionReturning<Project>(context.pool, ScopeOf(caller), body);
  if (!project.ok()) return Explain(project.status());
  return project;
}

}  // namespace

absl::StatusOr<Project> CreateProject(const IdentityContext& context, const CallContext& caller,
                                      const NewProject& project) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  RETURN_IF_ERROR(CheckProject(project.name, project.description));
  const Project row{.id = ProjectId::Make(context.clock.Now()),
                    .tenant = caller.tenant,
                    .name = project.name,
                    .description = project.description};
  const Uuid queue = Uuid::MakeV7(context.clock.Now());
  return Run(context, caller, [&](Connection& connection) -> absl::StatusOr<Project> {
    ASSIGN_OR_RETURN(Project created, storage::InsertProject(connection, row));
    RETURN_IF_ERROR(storage::InsertDefaultTaskQueue(connection, row, queue));
    RETURN_IF_ERROR(Audit(connection, caller, "project.created", row.id));
    return created;
  });
}

absl::StatusOr<Project> GetProject(const IdentityContext& context, const CallContext& caller,
                                   ProjectId id) {
  if (caller.project && *caller.project != id) {
    return absl::NotFoundError("no project " + id.ToString());
  }
  return Run(context, caller, [&](Connection& connection) {
    return storage::LoadProject(connection, caller.tenant, id, Lock::kNone);
  });
}

absl::StatusOr<paging::Page<Project>> ListProjects(const IdentityContext& context,
                                                   const CallContext& caller, int32_t page_size,
                                                   const std::string& page_token) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(page_token, kList));
  ASSIGN_OR_RETURN(const std::optional<ProjectId> before, paging::IdAt<ProjectId>(position));
  return RunInTransactionReturning<paging::Page<Project>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<Project>> {
        paging::Page<Project> page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountProjects(connection, caller.tenant, caller.project));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListProjects(connection, caller.tenant,
                                                           caller.project, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), kList);
        }
        return page;
      });
}

absl::StatusOr<Project> UpdateProject(const IdentityContext& context, const CallContext& caller,
                                      const ProjectChange& change) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return Run(context, caller, [&](Connection& connection) -> absl::StatusOr<Project> {
    // Two that both want to be the default wait for each other.
    if (change.is_default) RETURN_IF_ERROR(storage::LockPeople(connection, caller.tenant));
    ASSIGN_OR_RETURN(Project project,
                     storage::LoadProject(connection, caller.tenant, change.id, Lock::kForChange));
    if (change.name) project.name = *change.name;
    if (change.description) project.description = *change.description;
    RETURN_IF_ERROR(CheckProject(project.name, project.description));
    if (change.is_default && !*change.is_default && project.is_default) {
      return IsDefault("make another project the default one instead");
    }
    if (change.is_default && *change.is_default && !project.is_default) {
      RETURN_IF_ERROR(storage::ClearDefaultProject(connection, caller.tenant));
      project.is_default = true;
    }
    ASSIGN_OR_RETURN(Project updated, storage::UpdateProject(connection, project));
    RETURN_IF_ERROR(Audit(connection, caller, "project.updated", change.id));
    return updated;
  });
}

absl::Status DeleteProject(const IdentityContext& context, const CallContext& caller,
                           ProjectId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return Explain(postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const Project project,
                         storage::LoadProject(connection, caller.tenant, id, Lock::kForChange));
        if (project.is_default) return IsDefault("the default project can't be deleted");
        RETURN_IF_ERROR(storage::DeleteProject(connection, caller.tenant, id));
        return Audit(connection, caller, "project.deleted", id);
      }));
}

}  // namespace penstock::interfaces
