// The confinement of the real binary, seen from outside.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "libs/sandbox/testing.h"

namespace penstock::sandbox {
namespace {

// Runs the binary with one attempt and returns its wait status.
int StatusOf(std::string attempt) {
  std::string program = testing::kExecutable;
  std::string parent = std::to_string(getpid());
  attempt = "--attempt=" + attempt;
  char* arguments[] = {program.data(), parent.data(), attempt.data(), nullptr};
  char* environment[] = {nullptr};
  pid_t pid = -1;
  REQUIRE(posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environment) == 0);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return status;
}

TEST_CASE("a process that attempts nothing ends well, so the others die of their attempt") {
  const int status = StatusOf("nothing");
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a forbidden system call is the end of the process") {
  const char* attempt =
      GENERATE("open", "openat", "socket", "connect", "fork", "clone", "clone3", "execve", "kill",
               "ptrace", "process_vm_readv", "mmap_exec", "mprotect_exec", "io_uring", "bpf");
  INFO(attempt);
  const int status = StatusOf(attempt);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGSYS);
}

TEST_CASE("a process whose parent is another refuses to run") {
  std::string program = testing::kExecutable;
  std::string stranger = "999999999";
  std::string attempt = "--attempt=nothing";
  char* arguments[] = {program.data(), stranger.data(), attempt.data(), nullptr};
  char* environment[] = {nullptr};
  pid_t pid = -1;
  REQUIRE(posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environment) == 0);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 78);
}

}  // namespace
}  // namespace penstock::sandbox
