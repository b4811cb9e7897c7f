// Creating a draft, once for each request id.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/ops/workflow_context.h"

namespace penstock::workflow_engine {

// Reason of ALREADY_EXISTS when a request id was used for something else.
inline constexpr char kRequestIdReused[] = "REQUEST_ID_REUSED";

struct CreateCommand {
  std::optional<ProjectId> project;  // absent = the caller's own, else the tenant's default
  WorkflowDraft draft;               // as the caller wrote it
  std::string request_id;            // empty = none
  std::string field = "workflow";    // where the draft is in the request, to name what is wrong
};

// The definition may have problems that only publishing minds. With a request id that made a
// workflow before, the answer is that workflow as it is now.
absl::StatusOr<Workflow> CreateWorkflow(const WorkflowContext& context,
                                        const auth::CallContext& caller, CreateCommand command);

}  // namespace penstock::workflow_engine
