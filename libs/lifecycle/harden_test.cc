#include "libs/lifecycle/harden.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "libs/log/sink.h"

namespace penstock::lifecycle {
namespace {

// What `body` says in a process of its own, which it changes for good; 0 to 100.
int InChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

TEST_CASE("a hardened process leaves no core file and can't be made to") {
  REQUIRE(prctl(PR_GET_DUMPABLE) == 1);
  CHECK(InChild([] {
          if (!HardenProcess().ok()) return 1;
          rlimit core{1, 1};
          if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0) return 2;
          if (core.rlim_max != 0) return 3;
          return prctl(PR_GET_DUMPABLE) == 0 ? 0 : 4;
        }) == 0);
}

TEST_CASE("a hardened process that aborts dumps no core") {
  rlimit core{};
  REQUIRE(getrlimit(RLIMIT_CORE, &core) == 0);
  const pid_t child = fork();
  if (child == 0) {
    if (!HardenProcess().ok()) _exit(1);
    signal(SIGABRT, SIG_DFL);
    abort();
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
  CHECK_FALSE(WCOREDUMP(status));
}

TEST_CASE("it is said when little memory can be locked") {
  const auto warns = [](rlim_t limit) {
    return InChild([limit] {
      rlimit locked{};
      if (getrlimit(RLIMIT_MEMLOCK, &locked) != 0) return 90;
      locked.rlim_cur = limit;
      if (setrlimit(RLIMIT_MEMLOCK, &locked) != 0) return 91;
      std::string said;
      log::ScopedCapture capture([&](std::string_view line) { said += line; });
      const absl::StatusOr<Hardening> hardening = HardenProcess(128 << 10);
      if (!hardening.ok() || hardening->lockable_bytes != limit) return 92;
      return said.find("little memory can be locked") != std::string::npos ? 1 : 0;
    });
  };
  CHECK(warns(64 << 10) == 1);
  CHECK(warns(256 << 10) == 0);
}

}  // namespace
}  // namespace penstock::lifecycle
