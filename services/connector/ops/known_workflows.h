// Which project a workflow is of, kept for a while: it never changes.
#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/recent/recent.h"
#include "services/connector/ops/connector_context.h"

namespace penstock::connector {

class KnownWorkflows {
 public:
  // How long a workflow that was deleted may still be known.
  static constexpr absl::Duration kMaxAge = absl::Seconds(30);

  explicit KnownWorkflows(const ConnectorContext& context)
      : context_(context), projects_(kMaxAge) {}

  // NOT_FOUND when the caller's tenant has no such workflow.
  absl::StatusOr<ProjectId> ProjectOf(const auth::CallContext& caller, WorkflowId workflow);

 private:
  const ConnectorContext& context_;
  Recent<std::pair<TenantId, WorkflowId>, ProjectId> projects_;
};

}  // namespace penstock::connector
