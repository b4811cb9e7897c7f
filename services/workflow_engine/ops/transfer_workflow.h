// Export and import of workflows as documents (domain/workflow_document.h).
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

// JSON text. Version 0 is the draft; NOT_FOUND for a version that was never published.
absl::StatusOr<std::string> ExportWorkflow(const WorkflowContext& context,
                                           const auth::CallContext& caller, WorkflowId id,
                                           int version);

// Creates a draft. INVALID_ARGUMENT names what is wrong by its place in the document.
absl::StatusOr<Workflow> ImportWorkflow(const WorkflowContext& context,
                                        const auth::CallContext& caller,
                                        const std::string& document,
                                        std::optional<ProjectId> project);

}  // namespace penstock::workflow_engine
