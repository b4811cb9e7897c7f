#include "services/workflow_engine/storage/workflows.h"

#include <utility>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/workflow_queries.h"

namespace penstock::workflow_engine::storage {
namespace {

using postgres::Connection;
using postgres::Jsonb;
using postgres::Params;
using postgres::Result;

// The columns that every query here begins with.
Workflow ReadRow(const Result& rows, int r) {
  Workflow workflow;
  workflow.id = rows.Get<WorkflowId>(r, 0);
  workflow.tenant = rows.Get<TenantId>(r, 1);
  workflow.project = rows.Get<ProjectId>(r, 2);
  workflow.draft.name = rows.Get<std::string>(r, 3);
  workflow.draft.description = rows.Get<std::string>(r, 4);
  workflow.draft.service_display_name = rows.Get<std::string>(r, 5);
  // A CHECK constraint lists the same names.
  workflow.status = ParseWorkflowStatus(rows.Get<std::string_view>(r, 6)).value();
  workflow.version = rows.Get<int32_t>(r, 7);
  workflow.draft.tags = rows.Get<std::vector<std::string>>(r, 8);
  workflow.created = rows.Get<absl::Time>(r, 9);
  workflow.updated = rows.Get<absl::Time>(r, 10);
  workflow.revision = rows.Get<int64_t>(r, 11);
  return workflow;
}

Workflow ReadRowWithDefinition(const Result& rows, int r) {
  Workflow workflow = ReadRow(rows, r);
  workflow.draft.definition = {.nodes = rows.Get<std::string>(r, 12),
                               .edges = rows.Get<std::string>(r, 13),
                               .variables = rows.Get<std::string>(r, 14),
                               .settings = rows.Get<std::string>(r, 15)};
  return workflow;
}

absl::StatusOr<Workflow> OneRow(absl::StatusOr<Result> rows, WorkflowId id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->rows() == 0) return absl::NotFoundError(fmt::format("no workflow {}", id.ToString()));
  return ReadRowWithDefinition(*rows, 0);
}

void AddDraft(Params& params, const WorkflowDraft& draft) {
  postgres::Array<std::string_view> tags;
  for (const std::string& tag : draft.tags) tags.Append(tag);
  params.Add(draft.name)
      .Add(draft.description)
      .Add(draft.service_display_name)
      .Add(std::move(tags))
      .Add(Jsonb{draft.definition.nodes})
      .Add(Jsonb{draft.definition.edges})
      .Add(Jsonb{draft.definition.variables})
      .Add(Jsonb{draft.definition.settings});
}

void AddFilter(Params& params, const WorkflowFilter& filter) {
  std::optional<std::string_view> status;
  if (filter.status) status = StatusName(*filter.status);
  params.Add(status).Add(filter.project).Add(filter.tag).Add(filter.text);
}

}  // namespace

absl::StatusOr<std::optional<Workflow>> InsertWorkflow(Connection& connection,
                                                       const Workflow& workflow,
                                                       const RequestKey& request) {
  Params params;
  params.Add(workflow.tenant).Add(workflow.id).Add(workflow.project);
  AddDraft(params, workflow.draft);
  std::optional<std::string_view> request_id;
  std::optional<postgres::Bytes> request_hash;
  if (!request.id.empty()) {
    request_id = request.id;
    request_hash = postgres::Bytes{request.hash};
  }
  params.Add(request_id).Add(request_hash);
  ASSIGN_OR_RETURN(Result row, connection.Execute(queries::kInsertWorkflow, params));
  if (row.rows() == 0) return std::nullopt;
  return ReadRowWithDefinition(row, 0);
}

absl::StatusOr<RequestedWorkflow> FindByRequest(Connection& connection, TenantId tenant,
                                                std::string_view request_id) {
  ASSIGN_OR_RETURN(Result row, connection.Execute(queries::kFindWorkflowByRequest,
                                                  Params().Add(tenant).Add(request_id)));
  if (row.rows() == 0) return absl::NotFoundError("no workflow was created with this request id");
  return RequestedWorkflow{row.Get<WorkflowId>(0, 0), row.Get<std::string>(0, 1)};
}

absl::StatusOr<Workflow> LoadWorkflow(Connection& connection, TenantId tenant, WorkflowId id) {
  return OneRow(connection.Execute(queries::kLoadWorkflow, Params().Add(tenant).Add(id)), id);
}

absl::StatusOr<Workflow> LockWorkflow(Connection& connection, TenantId tenant, WorkflowId id) {
  return OneRow(connection.Execute(queries::kLockWorkflow, Params().Add(tenant).Add(id)), id);
}

absl::StatusOr<Workflow> UpdateDraft(Connection& connection, TenantId tenant, WorkflowId id,
                                     const WorkflowDraft& draft) {
  Params params;
  params.Add(tenant).Add(id);
  AddDraft(params, draft);
  return OneRow(connection.Execute(queries::kUpdateWorkflow, params), id);
}

absl::StatusOr<Workflow> SetStatus(Connection& connection, TenantId tenant, WorkflowId id,
                                   WorkflowStatus status, int version) {
  return OneRow(
      connection.Execute(queries::kSetWorkflowStatus,
                         Params().Add(tenant).Add(id).Add(StatusName(status)).Add(version)),
      id);
}

absl::StatusOr<std::vector<Workflow>> ListWorkflows(Connection& connection, TenantId tenant,
                                                    const WorkflowFilter& filter,
                                                    std::optional<WorkflowId> before, int limit) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  params.Add(before).Add(int64_t{limit});
  ASSIGN_OR_RETURN(Result rows, connection.Execute(queries::kListWorkflows, params));
  std::vector<Workflow> workflows;
  workflows.reserve(rows.rows());
  for (int r = 0; r < rows.rows(); ++r) workflows.push_back(ReadRow(rows, r));
  return workflows;
}

absl::StatusOr<int64_t> CountWorkflows(Connection& connection, TenantId tenant,
                                       const WorkflowFilter& filter) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(Result row, connection.Execute(queries::kCountWorkflows, params));
  return row.Get<int64_t>(0, 0);
}

absl::StatusOr<ProjectId> FindProject(Connection& connection, TenantId tenant,
                                      std::optional<ProjectId> project) {
  ASSIGN_OR_RETURN(Result row,
                   connection.Execute(queries::kFindProject, Params().Add(tenant).Add(project)));
  if (row.rows() > 0) return row.Get<ProjectId>(0, 0);
  if (!project) return absl::NotFoundError("the tenant has no default project");
  return absl::NotFoundError(fmt::format("no project {}", project->ToString()));
}

}  // namespace penstock::workflow_engine::storage
