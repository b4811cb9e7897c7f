// Wake-ups of the near future, earliest first.
#pragma once

#include <queue>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "services/workflow_engine/engine/changes.h"

namespace penstock::workflow_engine {

struct TimerEntry {
  absl::Time fires_at;
  ExecutionId execution;
  TimerPurpose purpose = TimerPurpose::kNode;
  std::string node_id;  // empty for kExecutionTimeout
  int visit = 0;

  friend bool operator==(const TimerEntry&, const TimerEntry&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const TimerEntry& t) {
    return H::combine(std::move(h), t.fires_at, t.execution, static_cast<int>(t.purpose), t.node_id, t.visit);
  }
};

class TimerQueue {
 public:
  // The same wake-up twice is one. A wake-up that is no longer wanted stays and is ignored by who gets it.
  void Add(TimerEntry timer) {
    if (known_.insert(timer).second) heap_.push(std::move(timer));
  }

  absl::Time next() const { return heap_.empty() ? absl::InfiniteFuture() : heap_.top().fires_at; }

  // The earliest that is due; nothing when none is.
  std::optional<TimerEntry> Pop(absl::Time now) {
    if (heap_.empty() || heap_.top().fires_at > now) return std::nullopt;
    TimerEntry timer = heap_.top();
    heap_.pop();
    known_.erase(timer);
    return timer;
  }

  void Clear() {
    heap_ = {};
    known_.clear();
  }

  size_t size() const { return heap_.size(); }

 private:
  struct Later {
    bool operator()(const TimerEntry& a, const TimerEntry& b) const { return a.fires_at > b.fires_at; }
  };
  std::priority_queue<TimerEntry, std::vector<TimerEntry>, Later> heap_;
  absl::flat_hash_set<TimerEntry> known_;
};

}  // namespace penstock::workflow_engine
