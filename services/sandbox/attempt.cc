#include "services/sandbox/attempt.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <map>

namespace penstock::sandbox {

int Attempt(std::string_view what) {
  static char page[8192];
  const std::map<std::string_view, std::function<void()>> attempts = {
      {"nothing", [] {}},
      {"open", [] { syscall(SYS_open, "/etc/passwd", O_RDONLY); }},
      {"openat", [] { syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }},
      {"socket", [] { syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }},
      {"connect", [] { syscall(SYS_connect, 3, nullptr, 0); }},
      {"fork", [] { syscall(SYS_fork); }},
      {"clone", [] { syscall(SYS_clone, SIGCHLD, nullptr); }},
      {"clone3", [] { syscall(SYS_clone3, nullptr, 0); }},
      {"execve", [] { syscall(SYS_execve, "/bin/true", nullptr, nullptr); }},
      {"kill", [] { syscall(SYS_kill, 1, 0); }},
      {"ptrace", [] { syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }},
      {"process_vm_readv", [] { syscall(SYS_process_vm_readv, 1, nullptr, 0, nullptr, 0, 0); }},
      {"mmap_exec",
       [] { mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }},
      {"mprotect_exec", [] { syscall(SYS_mprotect, page, sizeof(page), PROT_READ | PROT_EXEC); }},
      {"io_uring", [] { syscall(SYS_io_uring_setup, 1, nullptr); }},
      {"bpf", [] { syscall(SYS_bpf, 0, nullptr, 0); }},
  };
  auto it = attempts.find(what);
  if (it == attempts.end()) return 2;
  it->second();
  return 0;
}

}  // namespace penstock::sandbox
