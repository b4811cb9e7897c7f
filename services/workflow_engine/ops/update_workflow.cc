#include "services/workflow_engine/ops/update_workflow.h"

#include <utility>

#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/draft_check.h"
#include "services/workflow_engine/storage/workflows.h"

namespace penstock::workflow_engine {
namespace {

void Change(const UpdateCommand& command, WorkflowDraft& draft) {
  if (command.name) draft.name = *command.name;
  if (command.description) draft.description = *command.description;
  if (command.service_display_name) draft.service_display_name = *command.service_display_name;
  if (draft.service_display_name.empty()) draft.service_display_name = draft.name;
  if (command.definition) draft.definition = *command.definition;
  if (command.tags) draft.tags = *command.tags;
}

}  // namespace

absl::StatusOr<Workflow> UpdateWorkflow(const WorkflowContext& context,
                                        const auth::CallContext& caller,
                                        const UpdateCommand& command) {
  return postgres::RunInTransactionReturning<Workflow>(
      context.pool, ScopeOf(caller),
      [&](postgres::Connection& connection) -> absl::StatusOr<Workflow> {
        ASSIGN_OR_RETURN(Workflow workflow,
                         FindWorkflow(connection, caller, command.id, Lock::kForChange));
        RETURN_IF_ERROR(CheckEtag(workflow, command.etag));
        if (workflow.status == WorkflowStatus::kArchived) {
          return WithReason(
              absl::FailedPreconditionError("an archived workflow can't be changed; unarchive it"),
              kWorkflowStatus, {{"status", std::string(StatusName(workflow.status))}});
        }
        Change(command, workflow.draft);
        RETURN_IF_ERROR(CheckDraft(workflow.draft, "workflow"));
        return storage::UpdateDraft(connection, caller.tenant, workflow.id, workflow.draft);
      });
}

}  // namespace penstock::workflow_engine
