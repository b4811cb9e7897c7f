// Pausing, resuming, archiving and unarchiving: what domain/workflow_status.h allows, and its
// effect on triggers in the same transaction.
#pragma once

#include "absl/status/statusor.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

// FAILED_PRECONDITION (reason kWorkflowStatus) when the workflow's status does not allow the
// action.
absl::StatusOr<WorkflowStatus> StatusAfter(WorkflowAction action, const Workflow& workflow);

// Any action but publishing. What is already so stays as it is.
absl::StatusOr<Workflow> ChangeWorkflowStatus(const WorkflowContext& context,
                                              const auth::CallContext& caller, WorkflowId id,
                                              WorkflowAction action);

}  // namespace penstock::workflow_engine
