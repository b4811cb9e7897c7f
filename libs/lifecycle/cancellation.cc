#include "libs/lifecycle/cancellation.h"

#include <utility>

namespace penstock::lifecycle {

void Cancellation::Cancel() {
  std::map<uint64_t, std::function<void()>> callbacks;
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return;
    cancelled_ = true;
    running_ = true;
    callbacks.swap(callbacks_);
  }
  for (const auto& [id, callback] : callbacks) callback();
  absl::MutexLock lock(&mutex_);
  running_ = false;
}

bool Cancellation::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

bool Cancellation::Sleep(absl::Duration duration) const {
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&cancelled_), duration);
}

Cancellation::Registration::Registration(Cancellation* cancellation, std::function<void()> callback)
    : cancellation_(cancellation) {
  if (cancellation_ == nullptr) return;
  {
    absl::MutexLock lock(&cancellation_->mutex_);
    if (!cancellation_->cancelled_) {
      id_ = ++cancellation_->last_id_;
      cancellation_->callbacks_.emplace(id_, std::move(callback));
      return;
    }
  }
  callback();
}

Cancellation::Registration::~Registration() {
  if (cancellation_ == nullptr) return;
  absl::MutexLock lock(&cancellation_->mutex_);
  cancellation_->callbacks_.erase(id_);
  const auto at_rest = [this] {
    cancellation_->mutex_.AssertReaderHeld();
    return !cancellation_->running_;
  };
  cancellation_->mutex_.Await(absl::Condition(&at_rest));
}

}  // namespace penstock::lifecycle
