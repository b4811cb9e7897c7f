#include "services/connector/ops/known_workflows.h"

#include <optional>

#include "libs/status/macros.h"
#include "services/connector/storage/workflows.h"

namespace penstock::connector {

absl::StatusOr<ProjectId> KnownWorkflows::ProjectOf(const auth::CallContext& caller,
                                                    WorkflowId workflow) {
  const absl::Time now = context_.clock.Now();
  const std::pair key(caller.tenant, workflow);
  if (const std::optional<ProjectId> known = projects_.Find(key, now)) return *known;
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   postgres::RunInTransactionReturning<std::optional<ProjectId>>(
                       context_.pool, ScopeOf(caller), [&](postgres::Connection& connection) {
                         return storage::ProjectOfWorkflow(connection, caller.tenant, workflow);
                       }));
  if (!project) return absl::NotFoundError("there is no such workflow");
  projects_.Put(key, *project, now, projects_.generation());
  return *project;
}

}  // namespace penstock::connector
