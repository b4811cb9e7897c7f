#include "services/connector/ops/known_workflows.h"

#include <optional>

#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/storage/workflows.h"

namespace penstock::connector {

absl::StatusOr<auth::CallContext> KnownWorkflows::CallerOf(const auth::CallContext& engine,
                                                           const std::string& workflow_id) {
  const std::optional<WorkflowId> workflow = WorkflowId::Parse(workflow_id);
  if (!workflow) return InvalidField("execution.workflowId", "must be a UUID");
  auth::CallContext caller = engine;
  ASSIGN_OR_RETURN(caller.project, ProjectOf(engine, *workflow));
  return caller;
}

absl::StatusOr<ProjectId> KnownWorkflows::ProjectOf(const auth::CallContext& engine,
                                                    WorkflowId workflow) {
  const absl::Time now = clock_.Now();
  const std::pair key(engine.tenant, workflow);
  if (const std::optional<ProjectId> known = projects_.Find(key, now)) return *known;
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   postgres::RunInTransactionReturning<std::optional<ProjectId>>(
                       pool_, ScopeOf(engine), [&](postgres::Connection& connection) {
                         return storage::ProjectOfWorkflow(connection, engine.tenant, workflow);
                       }));
  if (!project) return absl::NotFoundError("there is no such workflow");
  projects_.Put(key, *project, now, projects_.generation());
  return *project;
}

}  // namespace penstock::connector
