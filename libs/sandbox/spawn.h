// Starts a sandbox process with nothing of ours but one end of a socket pair.
#pragma once

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "libs/sandbox/sandbox.h"

namespace penstock::sandbox {

struct Spawned {
  pid_t pid = -1;
  int socket = -1;  // ours, non-blocking, close-on-exec
};

// Empty environment, a session of its own, descriptors 0-2 and the socket as 3. The process dies
// with the calling thread, so that thread must live as long as the process shall.
absl::StatusOr<Spawned> Spawn(const PoolOptions& options);

}  // namespace penstock::sandbox
