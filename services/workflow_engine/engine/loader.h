// Brings executions from the database into memory. Recovery, a timer of a cold execution and a call about one all load the same way.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/engine/definitions.h"
#include "services/workflow_engine/engine/execution.h"
#include "services/workflow_engine/engine/shard_map.h"

namespace penstock::workflow_engine {

struct LoadedTimer {
  ExecutionId execution;
  TimerPurpose purpose = TimerPurpose::kNode;
  std::string node_id;
  int visit = 0;
  absl::Time fires_at;
};

class Loader {
 public:
  // `engine_pool` connects as the engine role; loads run on `workers`.
  Loader(postgres::Pool& engine_pool, Definitions& definitions, lifecycle::ThreadPool& workers);

  using Loaded = std::function<void(absl::StatusOr<std::optional<RestoredExecution>>)>;
  // Reads one open execution; nothing when it is over or unknown. `done` runs on a worker.
  void Load(ExecutionId id, Loaded done);

  // An execution that is over as one who waited for it sees it.
  struct Ending {
    ExecutionState state = ExecutionState::kCompleted;
    Text result;
    std::optional<Complete::Response> response;  // of its first response node
  };
  // Nothing when there is no such execution of the tenant, or it is not over. `done` runs on a worker.
  void FindEnding(ExecutionId id, TenantId tenant, std::function<void(absl::StatusOr<std::optional<Ending>>)> done);

  // The following block.

  // Open executions of `shards` that somebody must run: a node of theirs is held by a lease, or none is open at all.
  absl::StatusOr<std::vector<ExecutionId>> FindRunnable(const std::vector<ShardId>& shards);
  // Timers of `shards` that fire before `until`.
  absl::StatusOr<std::vector<LoadedTimer>> FindTimers(const std::vector<ShardId>& shards, absl::Time until);

  struct KeyedStart {
    ExecutionId execution;
    std::string request_hash;
  };
  struct Key {
    ShardId shard;
    TenantId tenant;
    std::string_view text;
  };
  // The execution that each key started, if any, in their order.
  absl::StatusOr<std::vector<std::optional<KeyedStart>>> FindKeys(const std::vector<Key>& keys);

 private:
  absl::StatusOr<std::optional<RestoredExecution>> LoadNow(ExecutionId id);
  absl::StatusOr<std::optional<Ending>> FindEndingNow(ExecutionId id, TenantId tenant);

  postgres::Pool& pool_;
  Definitions& definitions_;
  lifecycle::ThreadPool& workers_;
};

}  // namespace penstock::workflow_engine
