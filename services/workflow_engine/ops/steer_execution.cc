#include "services/workflow_engine/ops/steer_execution.h"

#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/start_queries.h"

namespace penstock::workflow_engine {
namespace {

// Whether an execution that has ended so is what was asked for.
bool IsWished(ExecutionState state, Control control) {
  return (state == ExecutionState::kCancelled && control == Control::kCancel) ||
         (state == ExecutionState::kTerminated && control == Control::kTerminate);
}

// What an execution that is not open has come to.
absl::Status Verdict(postgres::Pool& pool, const SteerCommand& command) {
  ASSIGN_OR_RETURN(std::string state,
                   postgres::RunInTransactionReturning<std::string>(
                       pool, {.tenant = command.tenant}, [&](postgres::Connection& connection) -> absl::StatusOr<std::string> {
                         ASSIGN_OR_RETURN(postgres::Result row,
                                          connection.Execute(queries::kFindExecutionState,
                                                             std::move(postgres::Params()
                                                                           .Add(int32_t{ShardOf(command.id)})
                                                                           .Add(command.id)
                                                                           .Add(command.tenant))));
                         if (row.rows() == 0) return absl::NotFoundError("no execution of this id");
                         return row.Get<std::string>(0, 0);
                       }));
  std::optional<ExecutionState> parsed = ParseExecutionState(state);
  if (parsed && IsWished(*parsed, command.steering.control)) return absl::OkStatus();
  if (parsed && !IsOver(*parsed)) return WithRetryAfter(absl::UnavailableError("the execution can't be loaded right now"), absl::Seconds(1));
  return WithReason(absl::FailedPreconditionError(fmt::format("the execution has ended as {}", state)), "ALREADY_ENDED");
}

}  // namespace

void SteerExecution(ShardGroup& group, postgres::Pool& server_pool, lifecycle::ThreadPool& workers, SteerCommand command,
                    std::function<void(absl::StatusOr<std::optional<ExecutionSnapshot>>)> done) {
  auto shared = std::make_shared<SteerCommand>(std::move(command));
  group.Steer(shared->id, shared->tenant, shared->steering,
              [&server_pool, &workers, shared, done](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
                if (snapshot.ok()) return done(std::optional(*snapshot));
                if (!absl::IsNotFound(snapshot.status())) return done(snapshot.status());
                absl::Status queued = workers.Submit([&server_pool, shared, done] {
                  absl::Status verdict = Verdict(server_pool, *shared);
                  verdict.ok() ? done(std::optional<ExecutionSnapshot>()) : done(verdict);
                });
                if (!queued.ok()) done(queued);
              });
}

}  // namespace penstock::workflow_engine
