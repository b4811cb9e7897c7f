// What this process remembers of a connector between calls: its breaker, its retry budget, how many
// calls are under way.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/connector/outbound/breaker.h"
#include "services/connector/outbound/rate_gate.h"
#include "services/connector/outbound/retry.h"

namespace penstock::connector {

class ConnectorState {
 public:
  ConnectorState(int64_t version, const BreakerOptions& options)
      : version_(version), breaker_(options) {}

  // False when `most` calls are under way.
  bool Enter(int most, absl::Time now);
  void Leave();

  Breaker::Admission Admit(absl::Time now);
  // Whether this opened the breaker.
  bool Record(const Breaker::Permit& permit, Verdict verdict, absl::Time now);
  bool SpendRetry();

  int64_t version() const { return version_; }
  bool IsIdleSince(absl::Time time) const;

 private:
  const int64_t version_;
  mutable absl::Mutex mutex_;
  Breaker breaker_ ABSL_GUARDED_BY(mutex_);
  RetryBudget budget_ ABSL_GUARDED_BY(mutex_);
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time last_entered_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// States by connector. A connector that was changed begins anew, as it may now go elsewhere; calls
// of the version before keep theirs.
class ConnectorStates {
 public:
  explicit ConnectorStates(BreakerOptions options) : options_(options) {}
  std::shared_ptr<ConnectorState> Get(const ConnectorKey& key, int64_t version, absl::Time now);

 private:
  void Sweep(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const BreakerOptions options_;
  absl::Mutex mutex_;
  absl::flat_hash_map<ConnectorKey, std::shared_ptr<ConnectorState>> states_
      ABSL_GUARDED_BY(mutex_);
  absl::Time next_sweep_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace penstock::connector
