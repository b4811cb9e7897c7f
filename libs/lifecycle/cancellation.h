// Says that nobody waits for a call any more: its caller has gone, or the service is going.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace penstock::lifecycle {

class Cancellation {
 public:
  // Once; the rest do nothing. Runs what is registered, on this thread.
  void Cancel();
  bool cancelled() const;

  // Waits in real time. False when cancelled, before or meanwhile.
  bool Sleep(absl::Duration duration) const;

  // Runs `callback` on Cancel, at once if that has been, until the object dies; its destructor
  // waits for a callback under way, which therefore must not destroy it.
  class Registration {
   public:
    Registration(Cancellation* cancellation, std::function<void()> callback);  // null = never
    ~Registration();
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    Cancellation* const cancellation_;
    uint64_t id_ = 0;
  };

 private:
  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;  // callbacks are under way
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, std::function<void()>> callbacks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::lifecycle
