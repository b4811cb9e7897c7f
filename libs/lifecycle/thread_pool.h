// A fixed number of threads with a bounded queue. Past the bound callers are refused at once
// instead of waiting in line.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace penstock::lifecycle {

class ThreadPool {
 public:
  struct Options {
    std::string name = "worker";  // of the threads, up to 15 characters
    int threads = 4;
    size_t max_queued = 1000;
  };

  explicit ThreadPool(const Options& options);
  ~ThreadPool();  // as Stop()
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Queues `task`. RESOURCE_EXHAUSTED with RetryInfo when the queue is full, UNAVAILABLE after
  // Stop; then `task` is not run. Tasks do not throw.
  absl::Status Submit(std::function<void()> task);

  // Takes no more tasks, runs those queued, joins the threads. Not from a task.
  void Stop();

  size_t queued() const;

 private:
  void Work();

  const Options options_;
  mutable absl::Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace penstock::lifecycle
