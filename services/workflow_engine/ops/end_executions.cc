#include "services/workflow_engine/ops/end_executions.h"

#include <memory>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "libs/log/log.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/start_queries.h"

namespace penstock::workflow_engine {
namespace {

constexpr int kAtOnce = 500;

absl::StatusOr<std::vector<ExecutionId>> FindOpen(postgres::Pool& pool, TenantId tenant) {
  return postgres::RunInTransactionReturning<std::vector<ExecutionId>>(
      pool, {.tenant = tenant}, [&](postgres::Connection& connection) -> absl::StatusOr<std::vector<ExecutionId>> {
        ASSIGN_OR_RETURN(postgres::Result rows,
                         connection.Execute(queries::kFindOpenOfTenant, std::move(postgres::Params().Add(tenant).Add(int64_t{kAtOnce}))));
        std::vector<ExecutionId> open;
        for (int r = 0; r < rows.rows(); ++r) open.push_back(rows.Get<ExecutionId>(r, 0));
        return open;
      });
}

// Outlives the call when an answer comes after the deadline.
struct Waiting {
  absl::Mutex mutex;
  int left ABSL_GUARDED_BY(mutex) = 0;
};

}  // namespace

absl::StatusOr<int> EndExecutions(postgres::Pool& server_pool, TenantId tenant, const CancelOne& cancel, absl::Time deadline) {
  ASSIGN_OR_RETURN(std::vector<ExecutionId> open, FindOpen(server_pool, tenant));
  auto waiting = std::make_shared<Waiting>();
  {
    absl::MutexLock lock(&waiting->mutex);
    waiting->left = static_cast<int>(open.size());
  }
  for (const ExecutionId& id : open) {
    cancel(tenant, id, [waiting, id](const absl::Status& status) {
      // One that ended meanwhile is what we want; anything else is tried again.
      if (!status.ok() && !absl::IsFailedPrecondition(status)) log::Warning("could not cancel an execution of a tenant that goes", {{"execution_id", id}, {"status", status}});
      absl::MutexLock lock(&waiting->mutex);
      --waiting->left;
    });
  }
  {
    absl::MutexLock lock(&waiting->mutex);
    auto all_answered = [&]() ABSL_SHARED_LOCKS_REQUIRED(waiting->mutex) { return waiting->left == 0; };
    if (!waiting->mutex.AwaitWithDeadline(absl::Condition(&all_answered), deadline)) return absl::DeadlineExceededError("executions are still being cancelled");
  }
  ASSIGN_OR_RETURN(open, FindOpen(server_pool, tenant));
  return static_cast<int>(open.size());
}

}  // namespace penstock::workflow_engine
