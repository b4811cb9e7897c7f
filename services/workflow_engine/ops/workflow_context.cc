#include "services/workflow_engine/ops/workflow_context.h"

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/workflows.h"

namespace penstock::workflow_engine {

absl::StatusOr<Workflow> FindWorkflow(postgres::Connection& connection,
                                      const auth::CallContext& caller, WorkflowId id, Lock lock) {
  ASSIGN_OR_RETURN(Workflow workflow, lock == Lock::kForChange
                                          ? storage::LockWorkflow(connection, caller.tenant, id)
                                          : storage::LoadWorkflow(connection, caller.tenant, id));
  if (caller.project && *caller.project != workflow.project) {
    return absl::NotFoundError(fmt::format("no workflow {}", id.ToString()));
  }
  if (lock == Lock::kForChange && workflow.tenant == kPlatformTenant && IsPlatformWorkflow(id)) {
    return WithReason(absl::FailedPreconditionError("Penstock's own workflows come with its schema and don't change"), kPlatformWorkflow);
  }
  return workflow;
}

std::string EtagOf(const Workflow& workflow) { return std::to_string(workflow.revision); }

absl::Status CheckEtag(const Workflow& workflow, const std::string& etag) {
  if (etag.empty() || etag == EtagOf(workflow)) return absl::OkStatus();
  return WithReason(
      absl::AbortedError("the workflow has changed since this etag was read; read it again"),
      kEtagMismatch, {{"etag", EtagOf(workflow)}});
}

}  // namespace penstock::workflow_engine
