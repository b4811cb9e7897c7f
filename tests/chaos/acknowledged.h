// What the services promised under load. Everything here must be found finished, exactly once, in
// the end.
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace penstock::chaos {

class Acknowledged {
 public:
  // `token` is the sender's own mark in the payload, used once.
  void Webhook(const std::string& token) {
    absl::MutexLock lock(&mutex_);
    webhooks_.insert(token);
  }
  // `key` is empty for a start without one.
  void Start(const std::string& execution_id, const std::string& key) {
    absl::MutexLock lock(&mutex_);
    starts_.insert(execution_id);
    if (!key.empty()) by_key_[key].insert(execution_id);
  }
  void Refused() {
    absl::MutexLock lock(&mutex_);
    ++refused_;
  }

  std::set<std::string> webhooks() const {
    absl::MutexLock lock(&mutex_);
    return webhooks_;
  }
  std::set<std::string> starts() const {
    absl::MutexLock lock(&mutex_);
    return starts_;
  }
  std::map<std::string, std::set<std::string>> by_key() const {
    absl::MutexLock lock(&mutex_);
    return by_key_;
  }
  // Calls that failed and so promised nothing.
  int64_t refused() const {
    absl::MutexLock lock(&mutex_);
    return refused_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::set<std::string> webhooks_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> starts_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::set<std::string>> by_key_ ABSL_GUARDED_BY(mutex_);
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace penstock::chaos
