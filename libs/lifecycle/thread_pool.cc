#include "libs/lifecycle/thread_pool.h"

#include <utility>

#include "fmt/format.h"
#include "libs/lifecycle/thread_name.h"
#include "libs/status/details.h"

namespace penstock::lifecycle {
namespace {

constexpr absl::Duration kRetryAfter = absl::Milliseconds(100);

}  // namespace

ThreadPool::ThreadPool(const Options& options) : options_(options) {
  threads_.reserve(options_.threads);
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] {
      NameThread(options_.name);
      Work();
    });
  }
}

ThreadPool::~ThreadPool() { Stop(); }

absl::Status ThreadPool::Submit(std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError("shutting down");
  if (tasks_.size() >= options_.max_queued) {
    return WithRetryAfter(
        absl::ResourceExhaustedError(fmt::format("{} tasks are waiting", tasks_.size())),
        kRetryAfter);
  }
  tasks_.push_back(std::move(task));
  return absl::OkStatus();
}

void ThreadPool::Work() {
  auto has_work_or_stops = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !tasks_.empty();
  };
  while (true) {
    std::function<void()> task;
    {
      absl::MutexLock lock(&mutex_, absl::Condition(&has_work_or_stops));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

void ThreadPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

size_t ThreadPool::queued() const {
  absl::MutexLock lock(&mutex_);
  return tasks_.size();
}

}  // namespace penstock::lifecycle
