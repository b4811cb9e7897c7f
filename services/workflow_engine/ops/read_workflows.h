// Looking workflows up.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "libs/paging/paging.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/ops/workflow_context.h"
#include "services/workflow_engine/storage/workflows.h"

namespace penstock::workflow_engine {

absl::StatusOr<Workflow> GetWorkflow(const WorkflowContext& context,
                                     const auth::CallContext& caller, WorkflowId id);

struct WorkflowQuery {
  storage::WorkflowFilter filter;
  int page_size = 0;       // as the caller gave it
  std::string page_token;  // likewise
};

// Without definitions.
using WorkflowPage = paging::Page<Workflow>;

// Newest first.
absl::StatusOr<WorkflowPage> ListWorkflows(const WorkflowContext& context,
                                           const auth::CallContext& caller, WorkflowQuery query);

absl::StatusOr<WorkflowVersion> GetWorkflowVersion(const WorkflowContext& context,
                                                   const auth::CallContext& caller, WorkflowId id,
                                                   int version);

// Without definitions.
using VersionPage = paging::Page<WorkflowVersion>;

// Newest first.
absl::StatusOr<VersionPage> ListWorkflowVersions(const WorkflowContext& context,
                                                 const auth::CallContext& caller, WorkflowId id,
                                                 int page_size, const std::string& page_token);

}  // namespace penstock::workflow_engine
