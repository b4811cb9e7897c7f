#include "services/workflow_engine/engine/commit_signal.h"

#include <algorithm>
#include <utility>

namespace penstock::workflow_engine {

CommitSignal::CommitSignal() : subscribers_(std::make_shared<Subscribers>()) {}

CommitSignal::Subscription CommitSignal::Subscribe(TenantId tenant, Wake wake) {
  auto entry = std::make_shared<Wake>(std::move(wake));
  {
    absl::MutexLock lock(&subscribers_->mutex);
    subscribers_->by_tenant[tenant].push_back(entry);
    subscribers_->count.fetch_add(1);
  }
  auto end = [tenant, entry, subscribers = subscribers_](void*) {
    absl::MutexLock lock(&subscribers->mutex);
    auto found = subscribers->by_tenant.find(tenant);
    std::erase(found->second, entry);
    if (found->second.empty()) subscribers->by_tenant.erase(found);
    subscribers->count.fetch_sub(1);
  };
  // The pointer only has to be something; what it owns is the deleter.
  return Subscription(entry.get(), std::move(end));
}

void CommitSignal::Notify(absl::Span<const TenantId> tenants) {
  if (subscribers_->count.load() == 0) return;
  std::vector<std::shared_ptr<Wake>> woken;
  {
    absl::MutexLock lock(&subscribers_->mutex);
    for (TenantId tenant : tenants) {
      auto found = subscribers_->by_tenant.find(tenant);
      if (found == subscribers_->by_tenant.end()) continue;
      woken.insert(woken.end(), found->second.begin(), found->second.end());
    }
  }
  // Outside of the lock: a wake may subscribe or drop subscriptions.
  for (const auto& wake : woken) (*wake)();
}

std::vector<TenantId> CommitSignal::subscribed() const {
  absl::MutexLock lock(&subscribers_->mutex);
  std::vector<TenantId> tenants;
  for (const auto& [tenant, wakes] : subscribers_->by_tenant) tenants.push_back(tenant);
  return tenants;
}

}  // namespace penstock::workflow_engine
