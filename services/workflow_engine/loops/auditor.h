// Proves that nothing is stuck, and repairs what is: every open node has exactly one of a lease, a timer, a token or a place in a queue, and
// something in memory or in a table that will bring it on.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/metrics/metrics.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/engine/shard_map.h"

namespace penstock::workflow_engine {

struct AuditFindings {
  int without_open_node = 0;   // open executions that nothing holds
  int without_timer = 0;       // nodes that wait for a wake-up which has no row
  int overdue = 0;             // wake-ups long past
  int leased_not_live = 0;     // held by our lease, but not in memory
  int total() const { return without_open_node + without_timer + overdue + leased_not_live; }
};

class Auditor {
 public:
  struct Options {
    absl::Duration period = absl::Seconds(30);
    // Younger than this it is not stuck, only under way.
    absl::Duration grace = absl::Seconds(10);
    int max_findings = 1000;
  };

  Auditor(Options options, postgres::Pool& engine_pool, ShardMap& shards, std::vector<ShardGroup*> groups, const Clock& clock,
          metrics::Registry& registry);
  void Start() { loop_.Start(); }
  void Stop() { loop_.Stop(); }

  // One look at all shards of this engine. What is found is on its way to being repaired when this returns.
  absl::StatusOr<AuditFindings> RunOnce();

 private:
  const Options options_;
  postgres::Pool& pool_;
  ShardMap& shards_;
  std::vector<ShardGroup*> groups_;
  const Clock& clock_;
  metrics::Gauge stuck_;
  metrics::Counter repaired_;
  lifecycle::BackgroundLoop loop_;
};

}  // namespace penstock::workflow_engine
