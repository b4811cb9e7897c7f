// Whether the process should get work: the conjunction of named conditions ("database", "schema",
// "engine", "serving"). /readyz answers from it and grpc.health.v1 follows it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace penstock::lifecycle {

class Readiness {
 public:
  // Every condition starts unmet ("not checked yet").
  explicit Readiness(std::vector<std::string> conditions);

  // OK = met; otherwise unmet, with the status as reason. A name not given to the constructor is a
  // programmer error and aborts.
  void Set(std::string_view condition, const absl::Status& status);
  // From now on never ready again: the process is shutting down.
  void StartDrain();

  // One atomic read.
  bool ready() const { return ready_.load(std::memory_order_acquire); }
  bool draining() const { return draining_.load(std::memory_order_acquire); }

  struct Unmet {
    std::string condition;
    std::string reason;
  };
  // Why ready() is false; empty when it is true.
  std::vector<Unmet> unmet() const;

  // Called with the current value at once and then on each change of ready(), one call at a time,
  // while the handle lives. Must not call back into this object.
  using WatchHandle = std::shared_ptr<void>;
  [[nodiscard]] WatchHandle Watch(std::function<void(bool ready)> changed);

 private:
  struct Watchers;
  void Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TellWatchers() ABSL_LOCKS_EXCLUDED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<std::string, absl::Status, std::less<>> conditions_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Watchers> watchers_;
  std::atomic<bool> ready_{false};
  std::atomic<bool> draining_{false};
};

}  // namespace penstock::lifecycle
