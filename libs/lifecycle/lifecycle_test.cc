#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "libs/clock/clock.h"
#include "libs/lifecycle/background_loop.h"
#include "libs/lifecycle/delayed_tasks.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/signals.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/log/sink.h"
#include "libs/status/details.h"

namespace penstock::lifecycle {
namespace {

constexpr absl::Duration kLong = absl::Seconds(30);

TEST_CASE("a process is ready when every condition is met") {
  Readiness readiness({"database", "schema"});
  CHECK_FALSE(readiness.ready());
  CHECK(readiness.unmet().size() == 2);
  readiness.Set("database", absl::OkStatus());
  CHECK_FALSE(readiness.ready());
  readiness.Set("schema", absl::OkStatus());
  CHECK(readiness.ready());
  CHECK(readiness.unmet().empty());
  readiness.Set("database", absl::UnavailableError("gone"));
  CHECK_FALSE(readiness.ready());
  REQUIRE(readiness.unmet().size() == 1);
  CHECK(readiness.unmet()[0].reason == "gone");
}

TEST_CASE("a draining process is never ready again") {
  Readiness readiness({"database"});
  readiness.Set("database", absl::OkStatus());
  readiness.StartDrain();
  readiness.Set("database", absl::OkStatus());
  CHECK_FALSE(readiness.ready());
  CHECK(readiness.unmet().size() == 1);
}

TEST_CASE("watchers hear the present and each change, until their handle goes") {
  Readiness readiness({"database"});
  std::vector<bool> heard;
  auto handle = readiness.Watch([&](bool ready) { heard.push_back(ready); });
  readiness.Set("database", absl::OkStatus());
  readiness.Set("database", absl::OkStatus());
  readiness.Set("database", absl::UnavailableError("gone"));
  CHECK(heard == std::vector<bool>{false, true, false});
  handle.reset();
  readiness.Set("database", absl::OkStatus());
  CHECK(heard.size() == 3);
}

TEST_CASE("a pool runs what it took and refuses what is too much") {
  ThreadPool pool({.name = "test", .threads = 1, .max_queued = 2});
  absl::Notification started, go;
  REQUIRE(pool.Submit([&] {
                started.Notify();
                go.WaitForNotification();
              })
              .ok());
  started.WaitForNotification();
  std::atomic<int> ran = 0;
  CHECK(pool.Submit([&] { ++ran; }).ok());
  CHECK(pool.Submit([&] { ++ran; }).ok());
  absl::Status refused = pool.Submit([&] { ++ran; });
  CHECK(refused.code() == absl::StatusCode::kResourceExhausted);
  CHECK(RetryAfterOf(refused) > absl::ZeroDuration());
  go.Notify();
  pool.Stop();
  CHECK(ran == 2);
  CHECK(pool.Submit([] {}).code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("a pool's threads work at the same time") {
  ThreadPool pool({.name = "test", .threads = 3});
  absl::Barrier* barrier = new absl::Barrier(3);
  absl::BlockingCounter done(3);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pool.Submit([&] {
                  if (barrier->Block()) delete barrier;
                  done.DecrementCount();
                })
                .ok());
  }
  done.Wait();
}

TEST_CASE("a loop runs at start, on wake-up, and not after Stop") {
  RealClock clock;
  absl::Mutex mutex;
  int runs = 0;
  BackgroundLoop loop(
      {.name = "test", .period = absl::Hours(1)},
      [&] {
        absl::MutexLock lock(&mutex);
        ++runs;
        return absl::OkStatus();
      },
      clock);
  auto wait_for = [&](int wanted) {
    absl::MutexLock lock(&mutex);
    auto reached = [&] { return runs >= wanted; };
    return mutex.AwaitWithTimeout(absl::Condition(&reached), kLong);
  };
  loop.Start();
  CHECK(wait_for(1));
  loop.Wake();
  CHECK(wait_for(2));
  loop.Stop();
  loop.Wake();
  CHECK(runs == 2);
}

TEST_CASE("a loop goes on by itself, period after period") {
  RealClock clock;
  absl::BlockingCounter three_runs(3);
  std::atomic<int> runs = 0;
  BackgroundLoop loop(
      {.name = "test", .period = absl::Milliseconds(1)},
      [&] {
        if (++runs <= 3) three_runs.DecrementCount();
        return absl::OkStatus();
      },
      clock);
  loop.Start();
  three_runs.Wait();
  loop.Stop();
}

TEST_CASE("a failing loop is logged once when it begins and once when it ends, and counted") {
  RealClock clock;
  metrics::Registry registry;
  std::vector<std::string> lines;
  log::ScopedCapture capture([&](std::string_view line) { lines.emplace_back(line); });
  int run = 0;
  BackgroundLoop loop(
      {.name = "sweeper", .period = absl::Hours(1)},
      [&]() -> absl::Status {
        ++run;
        if (run == 1) return absl::UnavailableError("no database");
        if (run == 2) throw std::runtime_error("odd");
        return absl::OkStatus();
      },
      clock, &registry);
  CHECK(loop.RunOnce().code() == absl::StatusCode::kUnavailable);
  CHECK(loop.RunOnce().code() == absl::StatusCode::kInternal);
  CHECK(loop.RunOnce().ok());
  CHECK(loop.RunOnce().ok());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("background loop fails") != std::string::npos);
  CHECK(lines[1].find("\"failures\":2") != std::string::npos);
  std::string exposed = registry.Expose();
  CHECK(exposed.find("penstock_loop_runs_total{loop=\"sweeper\",outcome=\"failed\"} 2") !=
        std::string::npos);
  CHECK(exposed.find("penstock_loop_runs_total{loop=\"sweeper\",outcome=\"succeeded\"} 2") !=
        std::string::npos);
}

// A child process that runs `body` with signals blocked as main does, and says on a pipe when it is
// about to wait.
class SignalChild {
 public:
  explicit SignalChild(const std::function<void(int ready_fd)>& body) {
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    ready_fd_ = fds[0];
    pid_ = fork();
    if (pid_ == 0) {
      BlockSignals();
      body(fds[1]);
    }
    close(fds[1]);
  }
  ~SignalChild() { close(ready_fd_); }
  void WaitUntilReady() {
    char byte;
    REQUIRE(read(ready_fd_, &byte, 1) == 1);
  }
  void Send(int number) { kill(pid_, number); }
  int ExitCode() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int ready_fd_;
  pid_t pid_;
};

TEST_CASE("delayed tasks run in order of their times, and none after Stop") {
  std::vector<int> ran;
  absl::Notification last;
  DelayedTasks delays("test");
  delays.After(absl::Milliseconds(20), [&] { ran.push_back(2); });
  delays.After(absl::Milliseconds(30), [&] {
    ran.push_back(3);
    last.Notify();
  });
  delays.After(absl::ZeroDuration(), [&] { ran.push_back(1); });
  last.WaitForNotification();
  CHECK(ran == std::vector<int>{1, 2, 3});
  auto held = std::make_shared<int>(0);
  delays.After(absl::Hours(1), [held] { ++*held; });
  delays.Stop();
  CHECK(held.use_count() == 1);
  delays.After(absl::ZeroDuration(), [held] { ++*held; });
  CHECK(*held == 0);
}

void Say(int fd) { (void)!write(fd, "x", 1); }

TEST_CASE("SIGTERM drains and ends in order") {
  SignalChild child([](int fd) {
    Say(fd);
    bool drained = false;
    int number = RunUntilSignal([&] { drained = true; });
    _exit(drained && number == SIGTERM ? 0 : 1);
  });
  child.WaitUntilReady();
  child.Send(SIGTERM);
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("a second signal during the drain ends the process at once") {
  SignalChild child([](int fd) {
    Say(fd);
    RunUntilSignal([&] {
      Say(fd);
      while (true) pause();
    });
    _exit(0);
  });
  child.WaitUntilReady();
  child.Send(SIGTERM);
  child.WaitUntilReady();
  child.Send(SIGINT);
  CHECK(child.ExitCode() == 128 + SIGINT);
}

TEST_CASE("writing to a broken pipe does not end the process") {
  SignalChild child([](int fd) {
    int fds[2];
    (void)!pipe(fds);
    close(fds[0]);
    Say(fds[1]);
    Say(fd);
    _exit(0);
  });
  CHECK(child.ExitCode() == 0);
}

}  // namespace
}  // namespace penstock::lifecycle
