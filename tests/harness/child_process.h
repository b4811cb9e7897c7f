// A program run as a child: started with exactly the environment it is given, its output in a file,
// and gone with its parent.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace penstock::harness {

using Environment = std::map<std::string, std::string>;

struct Command {
  std::string program;  // a path
  std::vector<std::string> arguments;
  Environment environment;
  std::string log_file;   // output and errors are appended here
  uid_t run_as_user = 0;  // 0 = as the caller
  gid_t run_as_group = 0;
};

class ChildProcess {
 public:
  // The child is killed when the thread that started it ends, so start long-lived ones from a
  // long-lived thread.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(const Command& command);

  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;

  // Waits until it has ended and returns its wait status; DEADLINE_EXCEEDED if it has not by then.
  absl::StatusOr<int> Wait(absl::Duration timeout);

  // True once it has ended; never waits longer than `timeout`.
  bool EndsWithin(absl::Duration timeout) { return Wait(timeout).ok(); }

  // SIGKILL, for it and everything it started, and waits until all are gone.
  void KillTree();

 private:
  ChildProcess(pid_t pid, int pidfd) : pid_(pid), pidfd_(pidfd) {}
  pid_t pid_;
  int pidfd_;  // readable once the process has ended
  bool ended_ = false;
  int wait_status_ = 0;
};

// Runs to the end. Anything but exit status 0 is an error that says where the output is.
absl::Status RunToEnd(const Command& command, absl::Duration timeout);

}  // namespace penstock::harness
