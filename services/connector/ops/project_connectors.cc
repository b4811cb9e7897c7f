#include "services/connector/ops/project_connectors.h"

#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/audit_log/append.h"
#include "libs/json/quote.h"
#include "libs/paging/id_position.h"
#include "libs/postgres/sqlstate.h"
#include "libs/request/caller.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/ops/project_connector_check.h"

namespace penstock::connector {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;
using storage::Lock;

absl::Status NoLink(const std::string& name_or_id) {
  return absl::NotFoundError(fmt::format("no project connector {}", name_or_id));
}

absl::Status NoProject(ProjectId project) {
  return absl::NotFoundError(fmt::format("no project {}", project.ToString()));
}

bool IsUsable(const ProjectConnector& link, ProjectId project) {
  return link.source_project == project || link.visibility != Visibility::kPrivate;
}

bool MaySee(const CallContext& caller, const ProjectConnector& link) {
  return !caller.project || IsUsable(link, *caller.project) ||
         link.target_project == *caller.project;
}

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   const ProjectConnector& link) {
  return audit_log::AppendAudit(
      connection, caller,
      {.action = action,
       .resource_type = "project_connector",
       .resource_id = link.id.ToString(),
       .details = fmt::format(R"({{"name":{},"visibility":"{}"}})", json::Quoted(link.name),
                              VisibilityName(link.visibility))});
}

absl::StatusOr<ProjectConnector> Find(Connection& connection, const CallContext& caller,
                                      ProjectConnectorId id, Lock lock) {
  ASSIGN_OR_RETURN(ProjectConnector link,
                   storage::LoadProjectConnector(connection, caller.tenant, id, lock));
  if (!MaySee(caller, link)) return NoLink(id.ToString());
  const bool is_own =
      caller.project == link.source_project && caller.project == link.target_project;
  if (lock == Lock::kForChange && !is_own) RETURN_IF_ERROR(CheckTenantWide(caller));
  return link;
}

// The constraints refuse, and look-ups tell which link of the chain it was.
absl::Status Explain(const ProjectConnectorContext& context, const CallContext& caller,
                     const ProjectConnector& link, const absl::Status& status) {
  const std::string constraint = postgres::ConstraintOf(status);
  if (constraint == "project_connectors_name_unique") {
    return WithReason(absl::AlreadyExistsError(fmt::format(
                          "the source project has a project connector \"{}\" already", link.name)),
                      "PROJECT_CONNECTOR_NAME_TAKEN");
  }
  if (!absl::IsFailedPrecondition(status) || constraint.empty()) return status;
  const absl::Status why = postgres::RunInTransaction(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return ExplainChain(connection, caller, link); });
  return why.ok() ? status : why;
}

absl::Status CheckSame(const ProjectConnectorChange& change, const ProjectConnector& link) {
  std::vector<FieldViolation> wrong;
  const auto check = [&](const auto& said, const auto& is, const char* field) {
    if (said && *said != is) {
      wrong.push_back({fmt::format("project_connector.{}", field), "never changes"});
    }
  };
  check(change.source_project, link.source_project, "source_project_id");
  check(change.target_project, link.target_project, "target_project_id");
  check(change.target_service, link.target_service, "target_service_id");
  check(change.target_interface, link.target_interface, "target_interface_id");
  check(change.name, link.name, "name");
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

void Apply(const ProjectConnectorChange& change, ProjectConnector& link) {
  const auto changes = [&](std::string_view field) { return change.fields.contains(field); };
  if (changes("display_name")) link.display_name = change.link.display_name;
  if (changes("description")) link.description = change.link.description;
  if (changes("visibility")) link.visibility = change.link.visibility;
  if (changes("auth_config")) link.auth_config = change.link.auth_config;
  if (link.display_name.empty()) link.display_name = link.name;
}

std::string Describe(const storage::ProjectConnectorFilter& filter) {
  const auto text = [](const auto& id) { return id ? id->ToString() : std::string("*"); };
  return fmt::format("project connectors {} {} {} {} {}", text(filter.source_project),
                     text(filter.target_project), text(filter.target_service),
                     filter.visibility ? VisibilityName(*filter.visibility) : "*",
                     text(filter.seen_from));
}

absl::StatusOr<ProjectConnector> PickOne(std::vector<ProjectConnector> found, ProjectId project,
                                         const std::string& name) {
  if (found.empty()) return NoLink(name);
  if (found.size() > 1 && found[0].source_project != project) {
    return WithReason(absl::FailedPreconditionError(fmt::format(
                          "several projects offer a project connector \"{}\": give its id", name)),
                      "AMBIGUOUS_NAME");
  }
  return std::move(found[0]);
}

}  // namespace

absl::StatusOr<ProjectConnector> CreateProjectConnector(const ProjectConnectorContext& context,
                                                        const CallContext& caller,
                                                        ProjectConnector link) {
  link.id = ProjectConnectorId::Make(context.clock.Now());
  link.tenant = caller.tenant;
  if (!caller.user.is_nil()) link.created_by = caller.user;
  if (link.display_name.empty()) link.display_name = link.name;
  for (const ProjectId project : {link.source_project, link.target_project}) {
    if (caller.project && caller.project != project) return NoProject(project);
  }
  RETURN_IF_ERROR(CheckProjectConnector(link));
  absl::StatusOr<ProjectConnector> created = RunInTransactionReturning<ProjectConnector>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<ProjectConnector> {
        ASSIGN_OR_RETURN(ProjectConnector inserted,
                         storage::InsertProjectConnector(connection, link));
        RETURN_IF_ERROR(Audit(connection, caller, "project_connector.created", inserted));
        return inserted;
      });
  if (!created.ok()) return Explain(context, caller, link, created.status());
  return created;
}

absl::StatusOr<ProjectConnector> GetProjectConnector(const ProjectConnectorContext& context,
                                                     const CallContext& caller,
                                                     ProjectConnectorId id) {
  return RunInTransactionReturning<ProjectConnector>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return Find(connection, caller, id, Lock::kNone); });
}

absl::StatusOr<paging::Page<ProjectConnector>> ListProjectConnectors(
    const ProjectConnectorContext& context, const CallContext& caller,
    const ProjectConnectorQuery& query) {
  storage::ProjectConnectorFilter filter = query.filter;
  filter.seen_from = caller.project;
  const std::string list = Describe(filter);
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const auto before, paging::IdAt<ProjectConnectorId>(position));
  using Page = paging::Page<ProjectConnector>;
  return RunInTransactionReturning<Page>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<Page> {
        Page page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountProjectConnectors(connection, caller.tenant, filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListProjectConnectors(connection, caller.tenant,
                                                                    filter, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

absl::StatusOr<paging::Page<ProjectConnector>> ListProjectConnectorsOf(
    const ProjectConnectorContext& context, const CallContext& caller, ProjectId project,
    const ProjectConnectorQuery& query) {
  if (caller.project && caller.project != project) return NoProject(project);
  RETURN_IF_ERROR(postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const bool exists,
                         storage::HasProject(connection, caller.tenant, project));
        return exists ? absl::OkStatus() : NoProject(project);
      }));
  return ListProjectConnectors(context, caller, query);
}

absl::StatusOr<ProjectConnector> UpdateProjectConnector(const ProjectConnectorContext& context,
                                                        const CallContext& caller,
                                                        const ProjectConnectorChange& change) {
  return RunInTransactionReturning<ProjectConnector>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<ProjectConnector> {
        ASSIGN_OR_RETURN(ProjectConnector link,
                         Find(connection, caller, change.link.id, Lock::kForChange));
        RETURN_IF_ERROR(CheckSame(change, link));
        Apply(change, link);
        RETURN_IF_ERROR(CheckProjectConnector(link));
        ASSIGN_OR_RETURN(ProjectConnector updated,
                         storage::UpdateProjectConnector(connection, link));
        RETURN_IF_ERROR(Audit(connection, caller, "project_connector.updated", updated));
        return updated;
      });
}

absl::Status DeleteProjectConnector(const ProjectConnectorContext& context,
                                    const CallContext& caller, ProjectConnectorId id) {
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const ProjectConnector link,
                         Find(connection, caller, id, Lock::kForChange));
        RETURN_IF_ERROR(storage::DeleteProjectConnector(connection, caller.tenant, id));
        return Audit(connection, caller, "project_connector.deleted", link);
      });
}

absl::StatusOr<ProjectConnector> FindUsable(const ProjectConnectorContext& context,
                                            const CallContext& caller, ProjectId project,
                                            const std::string& name_or_id) {
  return RunInTransactionReturning<ProjectConnector>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<ProjectConnector> {
        if (const auto id = ProjectConnectorId::Parse(name_or_id)) {
          ASSIGN_OR_RETURN(ProjectConnector link, storage::LoadProjectConnector(
                                                      connection, caller.tenant, *id, Lock::kNone));
          if (!IsUsable(link, project)) return NoLink(name_or_id);
          return link;
        }
        ASSIGN_OR_RETURN(
            std::vector<ProjectConnector> found,
            storage::FindProjectConnectors(connection, caller.tenant, name_or_id, project));
        return PickOne(std::move(found), project, name_or_id);
      });
}

}  // namespace penstock::connector
