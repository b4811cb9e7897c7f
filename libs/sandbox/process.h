// One sandbox process as the pool sees it: its socket, its buffers, and the jobs it holds, in the
// order in which it will answer them. Not thread-safe; the pool's mutex guards it.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/time/time.h"
#include "libs/sandbox/job.h"
#include "libs/sandbox/protocol.h"
#include "libs/sandbox/spawn.h"

namespace penstock::sandbox {

class Process {
 public:
  enum class State {
    kStarting,  // no hello yet
    kReady,
    kEnding,  // killed by us; waits for its socket to close
  };
  struct Answer {
    uint64_t id = 0;
    uint32_t cpu_us = 0;
    Outcome outcome;
  };

  Process(Spawned spawned, absl::Time now) : spawned_(spawned), since_(now) {}
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int socket() const { return spawned_.socket; }
  State state() const { return state_; }
  bool idle() const { return state_ == State::kReady && jobs_.empty(); }
  const std::deque<std::shared_ptr<Job>>& jobs() const { return jobs_; }
  std::deque<std::shared_ptr<Job>>& jobs() { return jobs_; }
  // Since when the first job is the first, or the process idle.
  absl::Time since() const { return since_; }
  double expected_us() const { return expected_us_; }
  bool has_answered() const { return has_answered_; }
  bool wants_write() const { return !out_.empty(); }

  // Appends the job (and its script, when new to the process) to what is to be sent.
  void Enqueue(std::shared_ptr<Job> job, absl::Time now);
  // Sends what the socket takes. False when the process is gone.
  bool Send();
  // Receives what there is; calls `answered` for each result in order. False when the process is
  // gone or talks nonsense.
  bool Receive(absl::Time now, const std::function<void(std::shared_ptr<Job>, Answer)>& answered);

  // Kept here by the pool.
  bool timed_out = false;          // killed because its first job took too long
  bool watched_for_write = false;  // epoll reports when the socket takes more

  void Kill();
  // Waits for the end of a process whose socket is closed, killing it to be sure. The exit status
  // as of waitpid.
  int Reap();

 private:
  bool TakeHello(protocol::FieldReader fields);
  void DefineOnce(const Script& script);

  Spawned spawned_;
  State state_ = State::kStarting;
  absl::Time since_;
  double expected_us_ = 0;
  bool has_answered_ = false;
  std::deque<std::shared_ptr<Job>> jobs_;
  std::string in_;
  std::string out_;
  // Scripts the process knows, most recently used first.
  std::list<std::string> known_order_;
  std::unordered_map<std::string, std::list<std::string>::iterator> known_;
};

}  // namespace penstock::sandbox
