// Which shards this engine owns, and under which epoch. Written by the lease loop, read by everybody.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/ids/uuid.h"
#include "services/workflow_engine/engine/changes.h"

namespace penstock::workflow_engine {

inline constexpr int kShards = 256;

// By shard; 0 = not owned.
using ShardEpochs = std::array<int64_t, kShards>;

class ShardMap {
 public:
  // Under which name this engine owns them: fresh at every start, and whenever ownership had to be proved anew.
  Uuid boot_id() const {
    absl::MutexLock lock(&mutex_);
    return boot_id_;
  }
  void set_boot_id(const Uuid& boot_id) {
    absl::MutexLock lock(&mutex_);
    boot_id_ = boot_id;
  }

  bool owns(ShardId shard) const { return epochs_[shard].load(std::memory_order_acquire) != 0; }
  // Open for new executions: owned and not about to be handed over.
  bool accepts(ShardId shard) const { return owns(shard) && !leaving_[shard].load(std::memory_order_acquire); }

  ShardEpochs Snapshot() const {
    ShardEpochs epochs;
    for (int s = 0; s < kShards; ++s) epochs[s] = epochs_[s].load(std::memory_order_acquire);
    return epochs;
  }

  std::vector<ShardId> Owned() const {
    std::vector<ShardId> owned;
    for (int s = 0; s < kShards; ++s) {
      if (owns(static_cast<ShardId>(s))) owned.push_back(static_cast<ShardId>(s));
    }
    return owned;
  }

  void Take(ShardId shard, int64_t epoch) {
    leaving_[shard].store(false, std::memory_order_release);
    epochs_[shard].store(epoch, std::memory_order_release);
  }
  void Leave(ShardId shard) { leaving_[shard].store(true, std::memory_order_release); }
  void Drop(ShardId shard) { epochs_[shard].store(0, std::memory_order_release); }
  void DropAll() {
    for (auto& epoch : epochs_) epoch.store(0, std::memory_order_release);
  }

 private:
  mutable absl::Mutex mutex_;
  Uuid boot_id_ ABSL_GUARDED_BY(mutex_);
  std::array<std::atomic<int64_t>, kShards> epochs_{};
  std::array<std::atomic<bool>, kShards> leaving_{};
};

}  // namespace penstock::workflow_engine
