// Freezing a draft as the next version.
//
// A version, its triggers and the workflow's status change in one transaction: no delivery ever
// sees the triggers of one version and the definition of another. The check of the definition may
// take the sandbox a while, so it comes first, without a lock; the transaction only commits what
// was checked.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

// Reason of FAILED_PRECONDITION when the draft has problems; each is a field violation.
inline constexpr char kDefinitionInvalid[] = "DEFINITION_INVALID";

// A draft that is already the latest version makes no new one. ABORTED when `etag` is not empty and
// not the workflow's, or when the draft keeps changing meanwhile.
absl::StatusOr<Workflow> PublishWorkflow(const WorkflowContext& context,
                                         const auth::CallContext& caller, WorkflowId id,
                                         const std::string& etag);

}  // namespace penstock::workflow_engine
