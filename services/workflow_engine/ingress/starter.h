// Begins executions: picks ids and shards, and makes sure that one idempotency key starts one execution.
//
// A start without a key goes to any shard of this engine. A key belongs to the shard it hashes to, whose one owner decides: first it looks
// whether the key was used (together with the others that came meanwhile), and while a first use is on its way to the database, later ones wait for it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/thread_pool.h"
#include "services/workflow_engine/engine/loader.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/engine/shard_map.h"

namespace penstock::workflow_engine {

// The shard whose owner decides about a key.
ShardId ShardOfKey(TenantId tenant, std::string_view key);

class Starter {
 public:
  Starter(const Clock& clock, ShardMap& shards, Loader& loader, lifecycle::ThreadPool& workers, std::vector<ShardGroup*> groups);

  ShardGroup& GroupOf(ShardId shard) { return *groups_[shard % groups_.size()]; }
  Loader& loader() { return loader_; }
  bool owns(ShardId shard) const { return shards_.owns(shard); }

  // A new id in some shard of ours that takes new work. UNAVAILABLE when there is none.
  absl::StatusOr<ExecutionId> NewId();
  // A new id in this shard.
  ExecutionId NewIdIn(ShardId shard);

  // What came of a keyed call: either `started` ran and its execution was committed, or an earlier one was.
  struct KeyedOutcome {
    ExecutionId execution;
    bool existed = false;
  };
  using KeyedDone = std::function<void(const absl::StatusOr<KeyedOutcome>&)>;

  // Runs `start` once per key, ever. While the shard of the key is ours nobody else decides about it; else the commit may be refused with
  // ALREADY_EXISTS. `start` is given the row to commit with the execution, whose id
  // it contains, and must call `committed` once with the fate of that commit. Another use of the key with the same `request_hash` gets the
  // execution of the first; with another hash ALREADY_EXISTS, reason IDEMPOTENCY_KEY_REUSED (unless `any_request`).
  struct KeyedCall {
    TenantId tenant;
    std::string key;
    std::string request_hash;
    bool any_request = false;
    std::optional<ShardId> place;  // of the execution; none = the key's shard
    std::function<void(KeyRow row, std::function<void(const absl::Status&)> committed)> start;
    KeyedDone done;
  };
  void RunKeyed(KeyedCall call);

 private:
  struct Pending {
    std::vector<KeyedCall> later;
  };
  using PendingKey = std::pair<TenantId, std::string>;

  // Looks up what has come meanwhile, together, until nothing has.
  void LookUpAll();
  void LookUp(const std::vector<std::shared_ptr<KeyedCall>>& calls);
  void Begin(const std::shared_ptr<KeyedCall>& call);
  void Resolve(const KeyedCall& call, const absl::StatusOr<Loader::KeyedStart>& result, bool existed);
  static void Answer(const KeyedCall& call, const Loader::KeyedStart& first, bool existed);

  const Clock& clock_;
  ShardMap& shards_;
  Loader& loader_;
  lifecycle::ThreadPool& workers_;
  std::vector<ShardGroup*> groups_;
  std::atomic<uint32_t> next_shard_{0};

  absl::Mutex mutex_;
  absl::flat_hash_map<PendingKey, Pending> pending_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<KeyedCall>> to_look_up_ ABSL_GUARDED_BY(mutex_);
  bool is_looking_up_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace penstock::workflow_engine
