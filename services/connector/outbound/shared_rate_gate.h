// RateGate over PostgreSQL: the replicas of the service share a row per connector. A busy replica
// takes several calls at once, so that not every call is a round trip. What it does not use within
// 100 ms is lost: by then it belongs to the others. Since a bucket was full, there are never more
// calls than rate * time + burst; between any two moments, at most a tenth of a second's more.
#pragma once

#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "libs/clock/clock.h"
#include "libs/postgres/pool.h"
#include "services/connector/outbound/rate_gate.h"
#include "services/connector/outbound/rate_rows.h"

namespace penstock::connector {

class SharedRateGate final : public RateGate {
 public:
  SharedRateGate(postgres::Pool& pool, const Clock& clock) : pool_(pool), clock_(clock) {}

  // Also errors of the database. Without a limit a block by another replica is seen within a
  // second.
  absl::StatusOr<absl::Duration> Take(const ConnectorKey& key,
                                      const std::optional<RateLimit>& limit,
                                      absl::Duration patience) override;
  void Block(const ConnectorKey& key, absl::Duration duration) override;

 private:
  // What this replica holds of one connector.
  struct Share {
    absl::Mutex mutex;
    // One asks at a time, so that calls here are served in order and ask for what they need.
    bool asking ABSL_GUARDED_BY(mutex) = false;
    int calls ABSL_GUARDED_BY(mutex) = 0;  // left, for a while from `holds_from` on
    absl::Time holds_from ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
    int wanted ABSL_GUARDED_BY(mutex) = 1;                                     // next time
    absl::Time unblocked_until ABSL_GUARDED_BY(mutex) = absl::InfinitePast();  // as far as we know
    absl::Time blocked_until ABSL_GUARDED_BY(mutex) = absl::InfinitePast();    // the same
    absl::Time last_used ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
  };
  class Asking;

  std::shared_ptr<Share> ShareOf(const ConnectorKey& key);
  absl::StatusOr<absl::Duration> TakeLimited(const ConnectorKey& key, Share& share,
                                             const RateLimit& limit, absl::Time give_up);
  absl::StatusOr<absl::Duration> TakeUnlimited(const ConnectorKey& key, Share& share,
                                               absl::Duration patience);
  static bool NobodyAsks(Share* share);
  // Its wait, if there is one left.
  static std::optional<absl::Duration> UseLeftover(Share& share, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(share.mutex);
  static int NextBatch(Share& share, const RateLimit& limit)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(share.mutex);
  absl::StatusOr<storage::Grant> Ask(const ConnectorKey& key, const RateLimit& limit, int wanted,
                                     absl::Duration patience);

  postgres::Pool& pool_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<ConnectorKey, std::shared_ptr<Share>> shares_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_sweep_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace penstock::connector
