// What the operations on workflows work with, and how they see what belongs to a caller.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"
#include "libs/sandbox/sandbox.h"
#include "services/workflow_engine/domain/workflow.h"
#include "services/workflow_engine/nodes/registry.h"
#include "services/workflow_engine/ops/scope.h"

namespace penstock::workflow_engine {

struct WorkflowContext {
  postgres::Pool& pool;
  const NodeTypes& types;
  sandbox::Pool& sandbox;
  const Clock& clock;
  // Called after a commit that may have changed what deliveries of a tenant start, and before the
  // caller is told of it.
  std::function<void(TenantId)> routes_changed;
};

// Reason of ABORTED when an etag is not that of the workflow as it is now.
inline constexpr char kEtagMismatch[] = "ETAG_MISMATCH";
// Reason of FAILED_PRECONDITION when a workflow's status does not allow what was asked.
inline constexpr char kWorkflowStatus[] = "WORKFLOW_STATUS";

// Reason of FAILED_PRECONDITION when a workflow is one of the platform's own (libs/ids/platform.h), which nobody changes.
inline constexpr char kPlatformWorkflow[] = "PLATFORM_WORKFLOW";

enum class Lock { kNone, kForChange };

// NOT_FOUND when there is no such workflow for this caller: also one of another tenant, or outside
// the project that the caller's key is limited to.
absl::StatusOr<Workflow> FindWorkflow(postgres::Connection& connection,
                                      const auth::CallContext& caller, WorkflowId id, Lock lock);

// OK when `etag` is empty or that of `workflow`.
absl::Status CheckEtag(const Workflow& workflow, const std::string& etag);
std::string EtagOf(const Workflow& workflow);

}  // namespace penstock::workflow_engine
