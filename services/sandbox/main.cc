// penstock-sandbox PARENT_PID [--allow-weak-confinement] [--attempt=WHAT]
//
// Evaluates untrusted JavaScript for one engine process, which starts it with an empty environment
// and a socket as descriptor 3. Not for people; see README.md.
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "libs/sandbox/protocol.h"
#include "services/sandbox/attempt.h"
#include "services/sandbox/confinement.h"
#include "services/sandbox/job_queue.h"
#include "services/sandbox/limits.h"
#include "services/sandbox/runtime.h"
#include "services/sandbox/server.h"

namespace penstock::sandbox {
namespace {

constexpr int kSocket = 3;
constexpr std::string_view kAttempt = "--attempt=";

int Main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr, "penstock-sandbox is started by the workflow engine\n");
    return 2;
  }
  bool allow_weak = false;
  std::string_view attempt;
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--allow-weak-confinement") allow_weak = true;
    if (argument.substr(0, kAttempt.size()) == kAttempt) attempt = argument.substr(kAttempt.size());
  }

  mallopt(M_ARENA_MAX, 1);  // other arenas read /proc when they shrink
  signal(SIGXFSZ, SIG_IGN);
  // Scripts see UTC wherever they run. The C library reads its file now, for later it may not.
  setenv("TZ", "UTC", 1);
  tzset();
  JSContext* cx = StartRuntime();
  if (cx == nullptr) return 1;
  PromiseJobs jobs(cx);
  JS::SetJobQueue(cx, &jobs);
  LimitGuard::Install(cx);
  const int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  uint32_t bits = DropPrivileges(atoi(argv[1]));
  bits |= InstallSystemCallFilter(status);
  if ((bits & kRequired) != kRequired && !allow_weak) {
    const std::string text =
        "penstock-sandbox: refusing to run unconfined: " + DescribeConfinement(bits) + "\n";
    // Lost when the error stream is a file: this process may not write files any more.
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) return protocol::kExitUnconfined;
    return protocol::kExitUnconfined;
  }
  if (!attempt.empty()) return Attempt(attempt);
  return Server(cx, jobs, kSocket).Serve(bits) ? 0 : 1;
}

}  // namespace
}  // namespace penstock::sandbox

int main(int argc, char** argv) {
  // Without destructors: the kernel frees everything, and SpiderMonkey's shutdown is slow.
  _exit(penstock::sandbox::Main(argc, argv));
}
