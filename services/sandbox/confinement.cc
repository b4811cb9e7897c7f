#include "services/sandbox/confinement.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <iterator>

namespace penstock::sandbox {
namespace {

constexpr uid_t kNobody = 65534;
// The hard limit of the whole process; the limit of an evaluation is enforced long before.
constexpr rlim_t kDataBytes = 1u << 30;

bool EnterNamespaces(bool privileged) {
  const int isolated = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS;
  return unshare(privileged ? isolated : isolated | CLONE_NEWUSER) == 0;
}

// An empty directory that no longer has a name: nothing can be put there.
bool EnterEmptyRoot() {
  char path[] = "/tmp/penstock-sandbox-XXXXXX";
  if (mkdtemp(path) == nullptr) return false;
  const int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool entered =
      directory >= 0 && rmdir(path) == 0 && fchdir(directory) == 0 && chroot(".") == 0;
  if (directory >= 0) close(directory);
  return entered;
}

bool BecomeNobody() {
  return setgroups(0, nullptr) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
         setresuid(kNobody, kNobody, kNobody) == 0 && setuid(0) != 0;
}

bool LimitResources() {
  const struct {
    __rlimit_resource resource;
    rlim_t value;
  } limits[] = {
      {RLIMIT_CORE, 0},    {RLIMIT_FSIZE, 0},    {RLIMIT_NOFILE, 8},        {RLIMIT_NPROC, 0},
      {RLIMIT_MEMLOCK, 0}, {RLIMIT_MSGQUEUE, 0}, {RLIMIT_DATA, kDataBytes},
  };
  for (const auto& limit : limits) {
    const rlimit value{limit.value, limit.value};
    if (setrlimit(limit.resource, &value) != 0) return false;
  }
  return true;
}

}  // namespace

std::string DescribeConfinement(uint32_t bits) {
  const char* const names[] = {"seccomp",    "no-new-privileges", "resource-limits", "unprivileged",
                               "namespaces", "empty-root",        "parent-death"};
  std::string text;
  for (size_t i = 0; i < std::size(names); ++i) {
    text += (text.empty() ? "" : " ") + std::string(bits & 1u << i ? "+" : "-") + names[i];
  }
  return text;
}

uint32_t DropPrivileges(int parent) {
  uint32_t bits = 0;
  const bool privileged = geteuid() == 0;
  if (EnterNamespaces(privileged)) bits |= kNamespaces;
  // In a user namespace of our own we may change root as well.
  if (EnterEmptyRoot()) bits |= kEmptyRoot;
  if (privileged ? BecomeNobody() : true) bits |= kUnprivileged;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) bits |= kNoNewPrivileges;
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // After the change of identity, which clears it. The parent may be gone already.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent) bits |= kParentDeath;
  if (LimitResources()) bits |= kResourceLimits;
  return bits;
}

}  // namespace penstock::sandbox
