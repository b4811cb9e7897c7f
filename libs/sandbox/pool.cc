#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/sandbox/dispatcher.h"
#include "libs/sandbox/process.h"
#include "libs/sandbox/sandbox.h"
#include "libs/sandbox/spawn.h"

namespace penstock::sandbox {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(10);
constexpr absl::Duration kHedgeAfter = absl::Milliseconds(20);
// The process ends an evaluation itself at its limit; past that it is stuck where it cannot.
constexpr absl::Duration kGrace = absl::Milliseconds(250);
constexpr absl::Duration kStartTimeout = absl::Seconds(10);
constexpr absl::Duration kMinBackoff = absl::Milliseconds(50);
constexpr absl::Duration kMaxBackoff = absl::Seconds(10);
// A process beyond the ready ones leaves after this long without work.
constexpr absl::Duration kSurplusIdle = absl::Seconds(30);

Outcome Failed(OutcomeKind kind, std::string message) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.error_message = std::move(message);
  return outcome;
}

std::string DescribeEnd(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("the sandbox process was killed by signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) == protocol::kExitUnconfined) {
    return "the sandbox process cannot confine itself here; services/sandbox/README.md says what "
           "it needs";
  }
  return fmt::format("the sandbox process exited with status {}", WEXITSTATUS(status));
}

// Processes are spoken to by whoever holds the mutex: a caller that finds one idle writes to it
// directly, which saves a hop between threads; everything else happens on the pool's thread. That
// thread starts the processes, for they die with the thread that started them.
class ProcessPool final : public Pool {
 public:
  explicit ProcessPool(const PoolOptions& options)
      : options_(options), dispatcher_(std::max(options.processes, options.max_processes)) {}
  ~ProcessPool() override {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    Wake();
    if (thread_.joinable()) thread_.join();
    for (int fd : {epoll_, wake_, timer_}) {
      if (fd >= 0) close(fd);
    }
  }

  absl::Status Start() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (epoll_ < 0 || wake_ < 0 || timer_ < 0) {
      return absl::ResourceExhaustedError(fmt::format("sandbox pool: {}", strerror(errno)));
    }
    Watch(wake_, EPOLL_CTL_ADD, EPOLLIN);
    Watch(timer_, EPOLL_CTL_ADD, EPOLLIN);
    thread_ = std::thread([this] { Loop(); });
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&started_));
    return start_status_;
  }

  absl::Status Submit(Evaluation evaluation, Callback done) override {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("the sandbox pool is shutting down");
    if (dispatcher_.queued() >= options_.max_queued) {
      return absl::ResourceExhaustedError("too many evaluations are waiting for a sandbox process");
    }
    if (!evaluation.compile_only &&
        evaluation.arguments.size() != evaluation.script->parameters().size()) {
      return absl::InvalidArgumentError("an evaluation needs one argument for each parameter");
    }
    dispatcher_.Add(std::move(evaluation), std::move(done));
    ArmTimer();
    const bool idle =
        std::any_of(processes_.begin(), processes_.end(), [](const auto& p) { return p->idle(); });
    if (idle) AssignAndSend(absl::Now());
    return absl::OkStatus();
  }

  PoolStats stats() const override {
    absl::MutexLock lock(&mutex_);
    return PoolStats{.evaluations = dispatcher_.answered(),
                     .kills = kills_,
                     .restarts = restarts_,
                     .queued = dispatcher_.queued(),
                     .processes = static_cast<int>(processes_.size())};
  }

  void KillAll() override {
    absl::MutexLock lock(&mutex_);
    for (auto& process : processes_) KillProcess(*process);
  }

 private:
  void Loop();
  void Handle(const epoll_event& event, absl::Time now, Dispatcher::Finished& finished)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tick(absl::Time now, Dispatcher::Finished& finished) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void KeepProcesses(absl::Time now, Dispatcher::Finished& finished)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void StartProcess(absl::Time now, Dispatcher::Finished& finished)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Bury(size_t index, absl::Time now, Dispatcher::Finished& finished)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BackOff(std::string why, absl::Time now, Dispatcher::Finished& finished)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AssignAndSend(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SendTo(Process& process) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReportStart(absl::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ShutDown(Dispatcher::Finished& finished) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ArmTimer() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void KillProcess(Process& process) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    process.Kill();
    ++kills_;
  }
  void Watch(int fd, int operation, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(epoll_, operation, fd, &event);
  }
  void Wake() {
    const uint64_t one = 1;
    if (write(wake_, &one, sizeof(one)) < 0) return;  // already signalled
  }

  const PoolOptions options_;
  int epoll_ = -1;
  int wake_ = -1;
  int timer_ = -1;
  std::thread thread_;

  mutable absl::Mutex mutex_;
  Dispatcher dispatcher_ ABSL_GUARDED_BY(mutex_);
  Dispatcher::Processes processes_ ABSL_GUARDED_BY(mutex_);
  bool timer_armed_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status start_status_ ABSL_GUARDED_BY(mutex_);
  absl::Duration backoff_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  absl::Time no_start_before_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  uint64_t kills_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t restarts_ ABSL_GUARDED_BY(mutex_) = 0;
};

void ProcessPool::Loop() {
  prctl(PR_SET_NAME, "sandbox-pool", 0, 0, 0);
  Dispatcher::Finished finished;
  bool stopped = false;
  {
    absl::MutexLock lock(&mutex_);
    KeepProcesses(absl::Now(), finished);
  }
  while (!stopped) {
    epoll_event events[16];
    const int count = epoll_wait(epoll_, events, std::size(events), -1);
    {
      absl::MutexLock lock(&mutex_);
      const absl::Time now = absl::Now();
      for (int i = 0; i < count; ++i) Handle(events[i], now, finished);
      stopped = stopping_;
      if (stopped) {
        ShutDown(finished);
      } else {
        AssignAndSend(now);
      }
    }
    // After the next batch is on its way, so that processes work while callbacks do.
    for (auto& [done, outcome] : finished) done(std::move(outcome));
    finished.clear();
  }
}

void ProcessPool::Handle(const epoll_event& event, absl::Time now, Dispatcher::Finished& finished) {
  if (event.data.fd == wake_ || event.data.fd == timer_) {
    uint64_t ignored;
    if (read(event.data.fd, &ignored, sizeof(ignored)) > 0 && event.data.fd == timer_)
      Tick(now, finished);
    return;
  }
  auto it = std::find_if(processes_.begin(), processes_.end(),
                         [&](const auto& p) { return p->socket() == event.data.fd; });
  if (it == processes_.end()) return;
  Process& process = **it;
  const bool was_starting = process.state() == Process::State::kStarting;
  bool alive = true;
  if (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    alive = process.Receive(now, [&](std::shared_ptr<Job> job, Process::Answer answer) {
      mutex_.AssertHeld();
      dispatcher_.Answer(std::move(job), std::move(answer), finished);
      backoff_ = absl::ZeroDuration();
    });
  }
  if (was_starting && process.state() == Process::State::kReady) ReportStart(absl::OkStatus());
  if (!alive) {
    Bury(it - processes_.begin(), now, finished);
    KeepProcesses(now, finished);
  } else if (event.events & EPOLLOUT) {
    SendTo(process);
  }
}

void ProcessPool::Tick(absl::Time now, Dispatcher::Finished& finished) {
  for (auto& process : processes_) {
    const absl::Duration age = now - process->since();
    if (process->state() == Process::State::kStarting && age > kStartTimeout) KillProcess(*process);
    if (process->state() != Process::State::kReady || process->jobs().empty()) continue;
    if (age > process->jobs().front()->evaluation.limits.wall_time + kGrace) {
      process->timed_out = true;
      KillProcess(*process);
    } else if (age > kHedgeAfter) {
      dispatcher_.Hedge(*process);
    }
  }
  // Surplus processes leave by having their socket closed.
  for (size_t i = processes_.size(); i-- > 0 && std::ssize(processes_) > options_.processes;) {
    if (processes_[i]->idle() && now - processes_[i]->since() > kSurplusIdle) {
      processes_.erase(processes_.begin() + i);
    }
  }
  KeepProcesses(now, finished);
  const bool busy =
      dispatcher_.queued() > 0 || std::ssize(processes_) != options_.processes ||
      std::any_of(processes_.begin(), processes_.end(), [](const auto& p) { return !p->idle(); });
  if (!busy) {
    const itimerspec off{};
    timerfd_settime(timer_, 0, &off, nullptr);
    timer_armed_ = false;
  }
}

void ProcessPool::ArmTimer() {
  if (timer_armed_) return;
  const timespec tick = absl::ToTimespec(kTick);
  const itimerspec value{tick, tick};
  timerfd_settime(timer_, 0, &value, nullptr);
  timer_armed_ = true;
}

void ProcessPool::KeepProcesses(absl::Time now, Dispatcher::Finished& finished) {
  while (std::ssize(processes_) < options_.processes && now >= no_start_before_)
    StartProcess(now, finished);
  if (std::ssize(processes_) < options_.max_processes && now >= no_start_before_ &&
      dispatcher_.NeedsProcess(processes_, now)) {
    StartProcess(now, finished);
  }
}

void ProcessPool::StartProcess(absl::Time now, Dispatcher::Finished& finished) {
  ArmTimer();
  absl::StatusOr<Spawned> spawned = Spawn(options_);
  if (!spawned.ok()) {
    BackOff(std::string(spawned.status().message()), now, finished);
    return;
  }
  processes_.push_back(std::make_unique<Process>(*spawned, now));
  Watch(spawned->socket, EPOLL_CTL_ADD, EPOLLIN);
}

void ProcessPool::Bury(size_t index, absl::Time now, Dispatcher::Finished& finished) {
  std::unique_ptr<Process> process = std::move(processes_[index]);
  processes_.erase(processes_.begin() + index);
  ++restarts_;
  const int status = process->Reap();
  Outcome first = Failed(OutcomeKind::kCrashed, "while it ran this code, " + DescribeEnd(status));
  if (process->timed_out || (WIFEXITED(status) && WEXITSTATUS(status) == protocol::kExitTimedOut)) {
    first = Failed(OutcomeKind::kTimedOut, "the code ran longer than its time limit");
  } else if (WIFEXITED(status) && WEXITSTATUS(status) == protocol::kExitOutOfMemory) {
    first = Failed(OutcomeKind::kOutOfMemory, "the code used more memory than its limit");
  }
  // One that ran code was of use; what it died of was the code.
  const bool useless = !process->has_answered() && process->jobs().empty();
  dispatcher_.TakeBack(*process, std::move(first), finished);
  if (!useless) return;
  BackOff(DescribeEnd(status), now, finished);
}

// A binary that dies before it is of any use is not started in a tight loop, and when there is no
// process at all, nobody is left waiting for one.
void ProcessPool::BackOff(std::string why, absl::Time now, Dispatcher::Finished& finished) {
  backoff_ = std::clamp(backoff_ * 2, kMinBackoff, kMaxBackoff);
  no_start_before_ = now + backoff_;
  ArmTimer();
  if (!processes_.empty()) return;
  ReportStart(absl::FailedPreconditionError(why));
  // The first failures may be a coincidence.
  if (backoff_ > kMinBackoff)
    dispatcher_.FailQueued(Failed(OutcomeKind::kUnavailable, why), finished);
}

void ProcessPool::AssignAndSend(absl::Time now) {
  if (!dispatcher_.Assign(processes_, now)) return;
  for (auto& process : processes_) {
    if (process->wants_write()) SendTo(*process);
  }
}

void ProcessPool::SendTo(Process& process) {
  process.Send();  // a failure shows as a hang-up on the pool's thread, which buries the process
  if (process.wants_write() == process.watched_for_write) return;
  process.watched_for_write = process.wants_write();
  Watch(process.socket(), EPOLL_CTL_MOD, process.watched_for_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void ProcessPool::ReportStart(absl::Status status) {
  if (started_) return;
  started_ = true;
  start_status_ = std::move(status);
}

void ProcessPool::ShutDown(Dispatcher::Finished& finished) {
  for (auto& process : processes_) {
    process->Kill();
    dispatcher_.TakeBack(*process, Failed(OutcomeKind::kUnavailable, "shutting down"), finished);
  }
  processes_.clear();
  dispatcher_.FailQueued(Failed(OutcomeKind::kUnavailable, "the sandbox pool is shutting down"),
                         finished);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Pool>> Pool::Create(const PoolOptions& options) {
  if (options.processes < 1 || options.max_processes < options.processes) {
    return absl::InvalidArgumentError("a sandbox pool needs a process, and at most max_processes");
  }
  if (sodium_init() < 0) return absl::InternalError("libsodium does not start");
  auto pool = std::make_unique<ProcessPool>(options);
  if (absl::Status status = pool->Start(); !status.ok()) return status;
  return pool;
}

Outcome Pool::Evaluate(Evaluation evaluation) {
  absl::Notification answered;
  Outcome result;
  absl::Status status = Submit(std::move(evaluation), [&](Outcome outcome) {
    result = std::move(outcome);
    answered.Notify();
  });
  if (!status.ok()) return Failed(OutcomeKind::kUnavailable, std::string(status.message()));
  answered.WaitForNotification();
  return result;
}

}  // namespace penstock::sandbox
