#include "tests/harness/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/harness/process_tree.h"

namespace penstock::harness {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec: system calls only, because another thread may have held any lock.
[[noreturn]] void BecomeProgram(const Command& command, int log, char* const* arguments,
                                char* const* environment) {
  int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  syscall(SYS_close_range, 3, ~0U, 0);
  if (command.run_as_user != 0) {
    if (setgroups(0, nullptr) != 0 || setgid(command.run_as_group) != 0 ||
        setuid(command.run_as_user) != 0 || chdir("/") != 0) {
      _exit(126);
    }
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // after setuid, which clears it
  execve(command.program.c_str(), arguments, environment);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(const Command& command) {
  if (access(command.program.c_str(), X_OK) != 0) {
    return absl::NotFoundError(fmt::format("no program {}", command.program));
  }
  std::vector<std::string> arguments = {command.program};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
  std::vector<char*> argument_pointers = Pointers(arguments);
  std::vector<char*> environment_pointers = Pointers(environment);

  int log = open(command.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return absl::ErrnoToStatus(errno, command.log_file);
  pid_t pid = fork();
  if (pid == 0) BecomeProgram(command, log, argument_pointers.data(), environment_pointers.data());
  int fork_error = errno;
  close(log);
  if (pid < 0) return absl::ErrnoToStatus(fork_error, "fork");
  int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, pidfd));
}

ChildProcess::~ChildProcess() {
  if (!ended_) KillTree();
  close(pidfd_);
}

void ChildProcess::Signal(int signal) const {
  if (!ended_) kill(pid_, signal);
}

absl::StatusOr<int> ChildProcess::Wait(absl::Duration timeout) {
  if (ended_) return wait_status_;
  pollfd ended{pidfd_, POLLIN, 0};
  if (poll(&ended, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout))) <= 0) {
    return absl::DeadlineExceededError(fmt::format("process {} still runs", pid_));
  }
  waitpid(pid_, &wait_status_, 0);
  ended_ = true;
  return wait_status_;
}

void ChildProcess::KillTree() {
  std::vector<pid_t> descendants = DescendantsOf(pid_);
  // The parent first, so that it can't start a replacement for a child that died.
  Signal(SIGKILL);
  for (pid_t pid : descendants) kill(pid, SIGKILL);
  (void)Wait(absl::Seconds(10));
  for (pid_t pid : descendants) {
    int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (pidfd < 0) continue;
    pollfd ended{pidfd, POLLIN, 0};
    poll(&ended, 1, 10'000);
    close(pidfd);
  }
}

absl::Status RunToEnd(const Command& command, absl::Duration timeout) {
  ASSIGN_OR_RETURN(std::unique_ptr<ChildProcess> child, ChildProcess::Start(command));
  ASSIGN_OR_RETURN(int status, child->Wait(timeout));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(fmt::format(
      "{} ended with {} {}; see {}", command.program, WIFEXITED(status) ? "exit status" : "signal",
      WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), command.log_file));
}

}  // namespace penstock::harness
