// Tells those who follow a tenant's record that it has grown. A hint, not a channel: what happened
// is read from the database, so a signal that comes twice or for nothing costs a look, and one that
// is missed is made good by the next.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "libs/ids/uuid.h"

namespace penstock::workflow_engine {

class CommitSignal {
 public:
  // Must not block; may run on several threads at once, and once more while its subscription is
  // being dropped.
  using Wake = std::function<void()>;
  // Dropping it ends the subscription; it may outlive the signal.
  using Subscription = std::shared_ptr<void>;

  CommitSignal();

  // Calls `wake` after every commit for `tenant` from now on. Subscribe first, then read: then
  // nothing is missed between.
  [[nodiscard]] Subscription Subscribe(TenantId tenant, Wake wake);

  // After each commit, with the tenants it wrote for; repeats are harmless. Nearly free while
  // nobody is subscribed.
  void Notify(absl::Span<const TenantId> tenants);

  // Those with at least one subscription.
  std::vector<TenantId> subscribed() const;

 private:
  struct Subscribers {
    mutable absl::Mutex mutex;
    absl::flat_hash_map<TenantId, std::vector<std::shared_ptr<Wake>>> by_tenant
        ABSL_GUARDED_BY(mutex);
    std::atomic<int> count{0};
  };
  std::shared_ptr<Subscribers> subscribers_;
};

}  // namespace penstock::workflow_engine
