#include "libs/sandbox/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "fmt/format.h"

namespace penstock::sandbox {
namespace {

constexpr int kChildSocket = 3;

// The attributes and file actions of posix_spawn, freed together.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    // `socket` is never 3: Spawn sees to that, for dup2 onto itself would leave close-on-exec set.
    posix_spawn_file_actions_adddup2(&actions_, socket, kChildSocket);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kChildSocket + 1);
  }
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  const posix_spawnattr_t* attributes() const { return &attributes_; }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

}  // namespace

absl::StatusOr<Spawned> Spawn(const PoolOptions& options) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return absl::ResourceExhaustedError(fmt::format("socketpair: {}", strerror(errno)));
  }
  const int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10);
  close(pair[1]);
  fcntl(pair[0], F_SETFL, O_NONBLOCK);

  SpawnPlan plan(theirs);
  std::string program = options.executable;
  std::string parent = std::to_string(getpid());
  std::string weak = "--allow-weak-confinement";
  char* arguments[] = {program.data(), parent.data(),
                       options.allow_weak_confinement ? weak.data() : nullptr, nullptr};
  char* environment[] = {nullptr};
  Spawned spawned;
  const int error = posix_spawn(&spawned.pid, program.c_str(), plan.actions(), plan.attributes(),
                                arguments, environment);
  close(theirs);
  if (error != 0) {
    close(pair[0]);
    return absl::FailedPreconditionError(fmt::format("start {}: {}", program, strerror(error)));
  }
  spawned.socket = pair[0];
  return spawned;
}

}  // namespace penstock::sandbox
