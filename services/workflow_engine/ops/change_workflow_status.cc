#include "services/workflow_engine/ops/change_workflow_status.h"

#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/workflow_routes.h"
#include "services/workflow_engine/storage/triggers.h"
#include "services/workflow_engine/storage/versions.h"
#include "services/workflow_engine/storage/workflows.h"

namespace penstock::workflow_engine {
namespace {

// Of the published version: the draft may be something else by now.
absl::StatusOr<std::vector<storage::Route>> PublishedRoutes(postgres::Connection& connection,
                                                            const NodeTypes& types,
                                                            const Workflow& workflow) {
  ASSIGN_OR_RETURN(
      const Definition definition,
      storage::LoadVersion(connection, workflow.tenant, workflow.id, workflow.version));
  std::vector<Problem> problems;
  const std::shared_ptr<const Graph> graph = Graph::Compile(definition, types, problems);
  if (graph != nullptr) return RoutesOf(*graph, workflow.id, workflow.version);
  return absl::FailedPreconditionError(
      fmt::format("version {} does not compile on this engine any more: {}: {}; publish it again",
                  workflow.version, problems.front().field, problems.front().description));
}

absl::StatusOr<Workflow> Change(postgres::Connection& connection, const NodeTypes& types,
                                const Workflow& workflow, WorkflowStatus to) {
  std::vector<storage::Route> routes;
  if (to == WorkflowStatus::kActive) {
    ASSIGN_OR_RETURN(routes, PublishedRoutes(connection, types, workflow));
  }
  if (to == WorkflowStatus::kActive || workflow.status == WorkflowStatus::kActive) {
    RETURN_IF_ERROR(storage::ReplaceRoutes(connection, workflow.tenant, workflow.id, routes));
  }
  return storage::SetStatus(connection, workflow.tenant, workflow.id, to, workflow.version);
}

}  // namespace

absl::StatusOr<WorkflowStatus> StatusAfter(WorkflowAction action, const Workflow& workflow) {
  const std::optional<WorkflowStatus> to = Apply(action, workflow.status, workflow.version > 0);
  if (to) return *to;
  const std::string status(StatusName(workflow.status));
  return WithReason(absl::FailedPreconditionError(fmt::format(
                        "can't {} a workflow whose status is {}", ActionName(action), status)),
                    kWorkflowStatus, {{"status", status}});
}

absl::StatusOr<Workflow> ChangeWorkflowStatus(const WorkflowContext& context,
                                              const auth::CallContext& caller, WorkflowId id,
                                              WorkflowAction action) {
  ASSIGN_OR_RETURN(Workflow changed,
                   postgres::RunInTransactionReturning<Workflow>(
                       context.pool, ScopeOf(caller),
                       [&](postgres::Connection& connection) -> absl::StatusOr<Workflow> {
                         ASSIGN_OR_RETURN(Workflow workflow,
                                          FindWorkflow(connection, caller, id, Lock::kForChange));
                         ASSIGN_OR_RETURN(const WorkflowStatus to, StatusAfter(action, workflow));
                         if (to == workflow.status) return workflow;
                         return Change(connection, context.types, workflow, to);
                       }));
  // Also when nothing changed: the caller may be repeating a call whose process died right here.
  context.routes_changed(caller.tenant);
  return changed;
}

}  // namespace penstock::workflow_engine
