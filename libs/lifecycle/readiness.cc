#include "libs/lifecycle/readiness.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace penstock::lifecycle {

// Has a lock of its own, so that watchers are called without the one that guards the conditions.
struct Readiness::Watchers {
  absl::Mutex mutex;
  int next_id ABSL_GUARDED_BY(mutex) = 0;
  std::map<int, std::function<void(bool)>> by_id ABSL_GUARDED_BY(mutex);
  bool told ABSL_GUARDED_BY(mutex) = false;
};

Readiness::Readiness(std::vector<std::string> conditions)
    : watchers_(std::make_shared<Watchers>()) {
  for (std::string& condition : conditions) {
    conditions_.emplace(std::move(condition), absl::UnavailableError("not checked yet"));
  }
  {
    absl::MutexLock lock(&mutex_);
    Refresh();
  }
  TellWatchers();  // with no conditions at all it is ready from the start
}

void Readiness::Set(std::string_view condition, const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    auto found = conditions_.find(condition);
    if (found == conditions_.end()) {
      std::fprintf(stderr, "readiness: unknown condition: %.*s\n",
                   static_cast<int>(condition.size()), condition.data());
      std::abort();
    }
    found->second = status;
    Refresh();
  }
  TellWatchers();
}

void Readiness::StartDrain() {
  {
    absl::MutexLock lock(&mutex_);
    draining_.store(true, std::memory_order_release);
    Refresh();
  }
  TellWatchers();
}

void Readiness::Refresh() {
  bool ready = !draining_.load(std::memory_order_relaxed);
  for (const auto& [condition, status] : conditions_) ready = ready && status.ok();
  ready_.store(ready, std::memory_order_release);
}

void Readiness::TellWatchers() {
  absl::MutexLock lock(&watchers_->mutex);
  // Read under the lock: whoever comes last tells the latest.
  bool now = ready();
  if (now == std::exchange(watchers_->told, now)) return;
  for (const auto& [id, changed] : watchers_->by_id) changed(now);
}

std::vector<Readiness::Unmet> Readiness::unmet() const {
  absl::MutexLock lock(&mutex_);
  std::vector<Unmet> unmet;
  for (const auto& [condition, status] : conditions_) {
    if (!status.ok()) unmet.push_back({condition, std::string(status.message())});
  }
  if (draining()) unmet.push_back({"running", "shutting down"});
  return unmet;
}

Readiness::WatchHandle Readiness::Watch(std::function<void(bool)> changed) {
  std::shared_ptr<Watchers> watchers = watchers_;
  absl::MutexLock lock(&watchers->mutex);
  changed(watchers->told);
  int id = watchers->next_id++;
  watchers->by_id.emplace(id, std::move(changed));
  return WatchHandle(nullptr, [watchers, id](void*) {
    absl::MutexLock lock(&watchers->mutex);
    watchers->by_id.erase(id);
  });
}

}  // namespace penstock::lifecycle
