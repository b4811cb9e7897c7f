#include "services/workflow_engine/ops/publish_workflow.h"

#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/change_workflow_status.h"
#include "services/workflow_engine/ops/read_workflows.h"
#include "services/workflow_engine/ops/validate_definition.h"
#include "services/workflow_engine/ops/workflow_routes.h"
#include "services/workflow_engine/storage/triggers.h"
#include "services/workflow_engine/storage/versions.h"
#include "services/workflow_engine/storage/workflows.h"

namespace penstock::workflow_engine {
namespace {

// Each round lost means that somebody else changed the draft in the meantime.
constexpr int kMaxRounds = 5;

absl::Status NotPublishable(const std::vector<Problem>& problems) {
  std::vector<FieldViolation> violations;
  for (const Problem& problem : problems) {
    violations.push_back({"definition." + problem.field,
                          problem.node_id.empty() ? problem.description
                                                  : fmt::format("node \"{}\": {}", problem.node_id,
                                                                problem.description)});
  }
  const absl::Status details = BadRequest(violations);
  // The request is well formed; it is the draft that is not ready.
  absl::Status status = absl::FailedPreconditionError(
      fmt::format("the draft has problems: {}", std::string(details.message())));
  details.ForEachPayload(
      [&](auto url, const absl::Cord& payload) { status.SetPayload(url, payload); });
  return WithReason(std::move(status), kDefinitionInvalid);
}

// The version that has the draft's definition: the latest if it does, else a new one.
absl::StatusOr<int> VersionOfDraft(postgres::Connection& connection, const Workflow& workflow) {
  if (workflow.version > 0) {
    ASSIGN_OR_RETURN(
        const WorkflowVersion latest,
        storage::LoadVersionText(connection, workflow.tenant, workflow.id, workflow.version));
    if (latest.definition == workflow.draft.definition) return workflow.version;
  }
  const int next = workflow.version + 1;
  RETURN_IF_ERROR(storage::InsertVersion(connection, workflow.tenant, workflow.id, next));
  return next;
}

struct Request {
  const auth::CallContext& caller;
  WorkflowId id;
  const std::string& etag;
};

// Nothing when the draft is no longer what was checked.
absl::StatusOr<std::optional<Workflow>> Commit(postgres::Connection& connection,
                                               const Request& request,
                                               const DefinitionText& checked, const Graph& graph) {
  ASSIGN_OR_RETURN(Workflow workflow,
                   FindWorkflow(connection, request.caller, request.id, Lock::kForChange));
  RETURN_IF_ERROR(CheckEtag(workflow, request.etag));
  ASSIGN_OR_RETURN(const WorkflowStatus status, StatusAfter(WorkflowAction::kPublish, workflow));
  if (workflow.draft.definition != checked) return std::nullopt;
  ASSIGN_OR_RETURN(const int version, VersionOfDraft(connection, workflow));
  if (version == workflow.version && status == workflow.status) return workflow;
  RETURN_IF_ERROR(storage::ReplaceRoutes(connection, workflow.tenant, workflow.id,
                                         RoutesOf(graph, workflow.id, version)));
  return storage::SetStatus(connection, workflow.tenant, workflow.id, status, version);
}

}  // namespace

absl::StatusOr<Workflow> PublishWorkflow(const WorkflowContext& context,
                                         const auth::CallContext& caller, WorkflowId id,
                                         const std::string& etag) {
  const Request request{caller, id, etag};
  for (int round = 0; round < kMaxRounds; ++round) {
    ASSIGN_OR_RETURN(const Workflow seen, GetWorkflow(context, caller, id));
    RETURN_IF_ERROR(CheckEtag(seen, etag));
    RETURN_IF_ERROR(StatusAfter(WorkflowAction::kPublish, seen).status());
    const DefinitionText& draft = seen.draft.definition;
    ASSIGN_OR_RETURN(const ValidatedDefinition checked,
                     ValidateDefinition(context, caller.tenant, draft));
    if (checked.graph == nullptr) return NotPublishable(checked.problems);
    ASSIGN_OR_RETURN(std::optional<Workflow> published,
                     postgres::RunInTransactionReturning<std::optional<Workflow>>(
                         context.pool, ScopeOf(caller), [&](postgres::Connection& connection) {
                           return Commit(connection, request, draft, *checked.graph);
                         }));
    if (!published) continue;
    context.routes_changed(caller.tenant);
    return *std::move(published);
  }
  return WithReason(absl::AbortedError("the draft keeps changing while it is being published"),
                    kEtagMismatch);
}

}  // namespace penstock::workflow_engine
