// What was read a moment ago, so that it is not read again at once: a bounded map whose entries are
// good for a while, and which does not take in what was changed while it was being read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace penstock {

template <typename Key, typename Value>
class Recent {
 public:
  explicit Recent(absl::Duration max_age, size_t max_entries = 10'000)
      : max_age_(max_age), max_entries_(max_entries) {}

  // A copy; nothing when it is not there or too old.
  std::optional<Value> Find(const Key& key, absl::Time now) const {
    absl::MutexLock lock(&mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end() || IsOld(found->second, now)) return std::nullopt;
    return found->second.value;
  }

  // Goes up with each Forget. Taken before reading what is Put.
  int64_t generation() const {
    absl::MutexLock lock(&mutex_);
    return generation_;
  }

  // Not kept when something was forgotten since `generation`, as it may be just that.
  void Put(const Key& key, Value value, absl::Time read_at, int64_t generation) {
    absl::MutexLock lock(&mutex_);
    if (generation != generation_) return;
    if (entries_.size() >= max_entries_) {
      absl::erase_if(entries_, [&](const auto& entry) { return IsOld(entry.second, read_at); });
      if (entries_.size() >= max_entries_) entries_.clear();
    }
    entries_.insert_or_assign(key, Entry{std::move(value), read_at});
  }

  void Forget(const Key& key) {
    absl::MutexLock lock(&mutex_);
    ++generation_;
    entries_.erase(key);
  }

  // Those whose key is said to match.
  template <typename Matches>
  void ForgetIf(const Matches& matches) {
    absl::MutexLock lock(&mutex_);
    ++generation_;
    absl::erase_if(entries_, [&](const auto& entry) { return matches(entry.first); });
  }

  size_t size() const {
    absl::MutexLock lock(&mutex_);
    return entries_.size();
  }

 private:
  struct Entry {
    Value value;
    absl::Time read_at;
  };

  bool IsOld(const Entry& entry, absl::Time now) const { return now - entry.read_at >= max_age_; }

  const absl::Duration max_age_;
  const size_t max_entries_;
  mutable absl::Mutex mutex_;
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<Key, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock
