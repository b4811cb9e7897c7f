#include "libs/lifecycle/delayed_tasks.h"

#include <utility>

#include "absl/time/clock.h"
#include "libs/lifecycle/thread_name.h"

namespace penstock::lifecycle {

DelayedTasks::DelayedTasks(std::string name)
    : thread_([this, name = std::move(name)] {
        NameThread(name);
        Run();
      }) {}

DelayedTasks::~DelayedTasks() { Stop(); }

void DelayedTasks::After(absl::Duration delay, std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return;
  tasks_.emplace(absl::Now() + delay, std::move(task));
  changed_.Signal();
}

Later DelayedTasks::AsLater() {
  return [this](absl::Duration delay, std::function<void()> task) { After(delay, std::move(task)); };
}

void DelayedTasks::Run() {
  mutex_.Lock();
  while (!stopping_) {
    if (tasks_.empty()) {
      changed_.Wait(&mutex_);
    } else if (tasks_.begin()->first > absl::Now()) {
      changed_.WaitWithDeadline(&mutex_, tasks_.begin()->first);
    } else {
      std::function<void()> task = std::move(tasks_.extract(tasks_.begin()).mapped());
      mutex_.Unlock();
      task();
      task = nullptr;  // what it holds may come back here
      mutex_.Lock();
    }
  }
  mutex_.Unlock();
}

void DelayedTasks::Stop() {
  std::multimap<absl::Time, std::function<void()>> dropped;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    dropped.swap(tasks_);
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace penstock::lifecycle
