// How many calls a connector may make, over all replicas.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::connector {

struct ConnectorKey {
  TenantId tenant;
  Uuid connector;

  friend bool operator==(const ConnectorKey&, const ConnectorKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const ConnectorKey& key) {
    return H::combine(std::move(h), key.tenant.uuid(), key.connector);
  }
};

struct RateLimit {
  double calls_per_second = 0;  // positive
  double burst = 1;             // at least 1
};

class RateGate {
 public:
  virtual ~RateGate() = default;

  // Takes the right to one call and says how long to wait before it holds. UNAVAILABLE (reason
  // RATE_LIMITED, with RetryInfo), nothing taken, when that is longer than `patience`. Without a
  // limit only a block is looked at.
  virtual absl::StatusOr<absl::Duration> Take(const ConnectorKey& key,
                                              const std::optional<RateLimit>& limit,
                                              absl::Duration patience) = 0;

  // No calls for so long, by any replica: the third party said so. At most an hour. Best effort:
  // calls that have been let through go on.
  virtual void Block(const ConnectorKey& key, absl::Duration duration) = 0;
};

// The refusal.
absl::Status RateLimited(absl::Duration retry_after);

}  // namespace penstock::connector
