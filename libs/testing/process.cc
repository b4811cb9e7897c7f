#include "libs/testing/process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "fmt/format.h"
#include "libs/testing/check.h"

namespace penstock::testing {
namespace {

// In the child, where only calls that are safe after fork are allowed.
[[noreturn]] void Become(const UnprivilegedUser& user, int output, pid_t parent, char** arguments) {
  if (geteuid() == 0 && user.uid != 0) {
    if (setgroups(0, nullptr) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0) _exit(126);
  }
  // A crashed test must not leave a server behind. After setuid, which clears it.
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent) _exit(126);
  // Out of reach of a Ctrl-C at the terminal, which PostgreSQL would take for an order to stop.
  setpgid(0, 0);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (chdir("/") != 0) _exit(126);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

UnprivilegedUser FindUnprivilegedUser() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* user = getpwnam(name)) return {user->pw_uid, user->pw_gid};
  }
  Fail("find an unprivileged user", "neither postgres nor nobody exists");
}

pid_t Spawn(const std::vector<std::string>& arguments, const std::string& log_file) {
  UnprivilegedUser user = FindUnprivilegedUser();
  std::vector<char*> texts;
  for (const std::string& argument : arguments) texts.push_back(const_cast<char*>(argument.c_str()));
  texts.push_back(nullptr);
  int output = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) Fail(log_file, std::strerror(errno));
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) Become(user, output, parent, texts.data());
  close(output);
  if (child < 0) Fail(arguments[0], std::strerror(errno));
  return child;
}

void KillWithChildren(pid_t process) {
  // Held by descriptor: a number could be another process's by the time we look.
  std::vector<pollfd> ends;
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", process));
  // Stopped, it starts no more of them.
  kill(process, SIGSTOP);
  for (pid_t child; children >> child;) {
    int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
    if (handle >= 0) ends.push_back({handle, POLLIN, 0});
  }
  kill(process, SIGKILL);
  for (const pollfd& end : ends) syscall(SYS_pidfd_send_signal, end.fd, SIGKILL, nullptr, 0);
  for (pollfd& end : ends) {
    while (poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
    close(end.fd);
  }
  AwaitExit(process);
}

int AwaitExit(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace penstock::testing
