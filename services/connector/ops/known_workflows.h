// For whom a step of a workflow runs: which project a workflow is of, kept for a while, for it never
// changes.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "libs/recent/recent.h"

namespace penstock::connector {

class KnownWorkflows {
 public:
  // How long a workflow that was deleted may still be known.
  static constexpr absl::Duration kMaxAge = absl::Seconds(30);

  // Both outlive it.
  KnownWorkflows(postgres::Pool& pool, const Clock& clock)
      : pool_(pool), clock_(clock), projects_(kMaxAge) {}

  // The engine's context, limited to the project of the workflow as a key may be. INVALID_ARGUMENT
  // when `workflow_id` is none, NOT_FOUND when the tenant has no such workflow.
  absl::StatusOr<auth::CallContext> CallerOf(const auth::CallContext& engine,
                                             const std::string& workflow_id);

 private:
  absl::StatusOr<ProjectId> ProjectOf(const auth::CallContext& engine, WorkflowId workflow);

  postgres::Pool& pool_;
  const Clock& clock_;
  Recent<std::pair<TenantId, WorkflowId>, ProjectId> projects_;
};

}  // namespace penstock::connector
