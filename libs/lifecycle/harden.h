// What a process does at its start that will have secrets in memory: nobody reads them from a core
// file, from /proc/PID/mem or with a debugger, and they are not swapped out.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"

namespace penstock::lifecycle {

struct Hardening {
  // How much memory may be locked (RLIMIT_MEMLOCK). What exceeds it is kept in memory that may be
  // swapped, silently.
  uint64_t lockable_bytes = 0;
};

// No core files (RLIMIT_CORE 0, for good), not dumpable (PR_SET_DUMPABLE 0: another process of the
// same user can't attach, and /proc/self/fd and the like are root's). Logs a warning when less than
// `wanted_lockable_bytes` may be locked: the service runs all the same. INTERNAL when the kernel
// refuses.
absl::StatusOr<Hardening> HardenProcess(uint64_t wanted_lockable_bytes = 8 << 20);

}  // namespace penstock::lifecycle
