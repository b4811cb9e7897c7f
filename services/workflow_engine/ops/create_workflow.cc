#include "services/workflow_engine/ops/create_workflow.h"

#include <utility>

#include "fmt/format.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/draft_check.h"
#include "services/workflow_engine/storage/workflows.h"

namespace penstock::workflow_engine {
namespace {

// Of everything the caller asked for; JSON keeps the parts apart.
std::string HashOf(const CreateCommand& command) {
  const WorkflowDraft& draft = command.draft;
  const Json asked = {command.project ? command.project->ToString() : "",
                      draft.name,
                      draft.description,
                      draft.service_display_name,
                      draft.definition.nodes,
                      draft.definition.edges,
                      draft.definition.variables,
                      draft.definition.settings,
                      draft.tags};
  return crypto::Sha256(asked.dump());
}

absl::StatusOr<ProjectId> ResolveProject(postgres::Connection& connection,
                                         const auth::CallContext& caller,
                                         std::optional<ProjectId> asked) {
  if (caller.project && asked.value_or(*caller.project) != *caller.project) {
    return absl::NotFoundError(fmt::format("no project {}", asked->ToString()));
  }
  return storage::FindProject(connection, caller.tenant, caller.project ? caller.project : asked);
}

absl::StatusOr<Workflow> FindEarlier(postgres::Connection& connection,
                                     const auth::CallContext& caller,
                                     const storage::RequestKey& request) {
  ASSIGN_OR_RETURN(storage::RequestedWorkflow earlier,
                   storage::FindByRequest(connection, caller.tenant, request.id));
  if (earlier.request_hash != request.hash) {
    return WithReason(absl::AlreadyExistsError("request_id was used to create another workflow"),
                      kRequestIdReused);
  }
  return FindWorkflow(connection, caller, earlier.id, Lock::kNone);
}

}  // namespace

absl::StatusOr<Workflow> CreateWorkflow(const WorkflowContext& context,
                                        const auth::CallContext& caller, CreateCommand command) {
  WorkflowDraft& draft = command.draft;
  if (draft.service_display_name.empty()) draft.service_display_name = draft.name;
  RETURN_IF_ERROR(CheckRequestId(command.request_id));
  RETURN_IF_ERROR(CheckDraft(draft, command.field));
  const storage::RequestKey request{command.request_id, HashOf(command)};
  Workflow workflow;
  workflow.id = WorkflowId::Make(context.clock.Now());
  workflow.tenant = caller.tenant;
  workflow.draft = std::move(draft);
  return postgres::RunInTransactionReturning<Workflow>(
      context.pool, ScopeOf(caller),
      [&](postgres::Connection& connection) -> absl::StatusOr<Workflow> {
        ASSIGN_OR_RETURN(workflow.project, ResolveProject(connection, caller, command.project));
        ASSIGN_OR_RETURN(std::optional<Workflow> created,
                         storage::InsertWorkflow(connection, workflow, request));
        if (created) return *std::move(created);
        return FindEarlier(connection, caller, request);
      });
}

}  // namespace penstock::workflow_engine
