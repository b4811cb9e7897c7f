// Keeps this engine's share of the shards: presence and heartbeat, fair shares by rendezvous hashing, take-over from the dead, hand-over to
// the new.
//
//            register, heartbeat                    take (epoch + 1)             recover
//   member ───────────────────────► wanted shards ───────────────────► owned ──────────────► serving
//                                        ▲                                │ another engine's by hashing
//                                        │ owner NULL or not alive        ▼
//                                        └───────────────────────── released (after its work is committed)
//
// A batch proves in its own transaction that its shards are still owned under the epoch it was sealed with, so everything here is about
// liveness: a mistake in timing costs a lost batch, never a wrong row. When a batch is lost the engine starts over under a new
// boot id, which waits for whatever the old one still had under way.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/lifecycle/readiness.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/engine/database_clock.h"
#include "services/workflow_engine/engine/loader.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/engine/shard_map.h"

namespace penstock::workflow_engine {

struct Member {
  Uuid boot_id;
  std::string address;  // where other engines reach it
};

class LeaseKeeper {
 public:
  struct Options {
    std::string engine_conninfo;
    postgres::Session session = postgres::Session::kOwn;
    std::string address;
    absl::Duration heartbeat = absl::Seconds(1);
    absl::Duration time_to_live = absl::Seconds(6);
    absl::Duration timer_horizon = absl::Seconds(60);
  };

  LeaseKeeper(Options options, postgres::Pool& engine_pool, Loader& loader, ShardMap& shards, DatabaseClock& clock,
              lifecycle::Readiness& readiness, metrics::Registry& registry);
  ~LeaseKeeper();

  // `groups` outlive the keeper's loop. Shard s belongs to groups[s % groups.size()].
  void Start(std::vector<ShardGroup*> groups);
  // Gives all shards back, so that others need not wait for them to expire.
  void Stop();

  // A batch sent under `boot_id` was lost. Any thread.
  void OnLost(const Uuid& boot_id, const absl::Status& status);

  // Who owns a shard now; nothing when nobody alive does. As of the last heartbeat.
  std::optional<Member> OwnerOf(ShardId shard) const;
  std::vector<Member> members() const;
  // Looks at members and owners now instead of at the next heartbeat.
  void RefreshSoon() { loop_->Wake(); }
  bool IsSelf(const Member& member) const { return member.boot_id == shards_.boot_id(); }

 private:
  absl::Status RunOnce();
  // Holds, on a connection of its own, the lock that tells the others that this process lives. A lock on a session that is not our own would
  // outlive us there: behind a pooler the heartbeat alone tells.
  absl::Status EnsurePresence();
  // From one heartbeat until others look whether we are still there.
  absl::Duration LateAfter() const;
  absl::Status Heartbeat();
  absl::Status StartOver(const absl::Status& why);
  absl::Status Rebalance();
  absl::Status Take(const std::vector<ShardId>& wanted);
  absl::Status Release(const std::vector<ShardId>& surplus);
  absl::Status LookAhead(bool all);
  ShardGroup& GroupOf(ShardId shard) { return *groups_[shard % groups_.size()]; }

  const Options options_;
  postgres::Pool& pool_;
  Loader& loader_;
  ShardMap& shards_;
  DatabaseClock& clock_;
  lifecycle::Readiness& readiness_;
  metrics::Gauge owned_;
  std::vector<ShardGroup*> groups_;
  absl::Time next_look_ahead_ = absl::InfinitePast();
  std::unique_ptr<postgres::Connection> presence_;
  Uuid present_as_;

  mutable absl::Mutex mutex_;
  std::vector<Member> members_ ABSL_GUARDED_BY(mutex_);
  std::array<std::optional<Uuid>, kShards> owners_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> lost_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<lifecycle::BackgroundLoop> loop_;
};

}  // namespace penstock::workflow_engine
