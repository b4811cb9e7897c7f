// What is to be done a little later, without a thread that sleeps for each.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace penstock::lifecycle {

// Runs a task after a delay, once. What takes one of these instead of DelayedTasks can be driven by a test.
using Later = std::function<void(absl::Duration delay, std::function<void()> task)>;

class DelayedTasks {
 public:
  explicit DelayedTasks(std::string name);  // of the thread, up to 15 characters
  ~DelayedTasks();                          // as Stop()
  DelayedTasks(const DelayedTasks&) = delete;
  DelayedTasks& operator=(const DelayedTasks&) = delete;

  // Runs `task` on the one thread of this object, where it must not block; in order of their times. After Stop it is dropped.
  void After(absl::Duration delay, std::function<void()> task);
  // The above as a function; this object outlives it.
  Later AsLater();

  // Drops what has not begun and joins the thread. Not from a task.
  void Stop();

 private:
  void Run();

  absl::Mutex mutex_;
  std::multimap<absl::Time, std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::CondVar changed_;
  std::thread thread_;
};

}  // namespace penstock::lifecycle
