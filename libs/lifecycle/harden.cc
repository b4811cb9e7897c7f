#include "libs/lifecycle/harden.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "libs/log/log.h"

namespace penstock::lifecycle {
namespace {

absl::Status Failed(const char* what) {
  return absl::InternalError(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

absl::StatusOr<Hardening> HardenProcess(uint64_t wanted_lockable_bytes) {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return Failed("forbid core files");
  // Also where core_pattern is a program, which no limit keeps from being run.
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Failed("forbid dumps");
  rlimit locked{};
  if (getrlimit(RLIMIT_MEMLOCK, &locked) != 0) return Failed("read the limit of locked memory");
  const Hardening hardening{.lockable_bytes =
                                locked.rlim_cur == RLIM_INFINITY ? UINT64_MAX : locked.rlim_cur};
  if (hardening.lockable_bytes < wanted_lockable_bytes) {
    log::Warning(
        "little memory can be locked: keys may be swapped out (raise RLIMIT_MEMLOCK)",
        {{"lockable_bytes", hardening.lockable_bytes}, {"wanted_bytes", wanted_lockable_bytes}});
  }
  return hardening;
}

}  // namespace penstock::lifecycle
