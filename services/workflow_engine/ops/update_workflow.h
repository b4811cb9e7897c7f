// Changing a draft.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

// An absent member stays as it is.
struct UpdateCommand {
  WorkflowId id;
  std::string etag;  // empty = whatever it is now
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> service_display_name;  // empty = the name
  std::optional<DefinitionText> definition;
  std::optional<std::vector<std::string>> tags;
};

// ABORTED when the etag is of an earlier state; FAILED_PRECONDITION while the workflow is archived.
// What is published stays as it is.
absl::StatusOr<Workflow> UpdateWorkflow(const WorkflowContext& context,
                                        const auth::CallContext& caller,
                                        const UpdateCommand& command);

}  // namespace penstock::workflow_engine
