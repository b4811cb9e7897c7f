// Cancel, pause, resume and signal, wherever the execution is: in memory, asleep in the database, or over.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/engine/shard_group.h"

namespace penstock::workflow_engine {

struct SteerCommand {
  TenantId tenant;
  ExecutionId id;
  Steering steering;
};

// `group` owns the execution's shard. `done` is called once, after the commit: with the execution's new state, or nothing when it was over already
// in the state asked for (cancelling what is cancelled); the database has it. NOT_FOUND for an unknown id; FAILED_PRECONDITION, reason
// ALREADY_ENDED, when it is over otherwise.
void SteerExecution(ShardGroup& group, postgres::Pool& server_pool, lifecycle::ThreadPool& workers, SteerCommand command,
                    std::function<void(absl::StatusOr<std::optional<ExecutionSnapshot>>)> done);

}  // namespace penstock::workflow_engine
