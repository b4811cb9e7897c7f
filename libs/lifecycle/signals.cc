#include "libs/lifecycle/signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "libs/log/log.h"

namespace penstock::lifecycle {
namespace {

constexpr int kExitCodeBase = 128;

sigset_t EndingSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

int WaitForSignal() {
  sigset_t set = EndingSignals();
  int number = 0;
  while (sigwait(&set, &number) != 0) {
  }
  return number;
}

// Async-signal-safe: the handler that waits for the second signal.
void ExitNow(int number) { _exit(kExitCodeBase + number); }

void EndAtOnceOnSecondSignal() {
  struct sigaction action {};
  action.sa_handler = ExitNow;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  sigset_t set = EndingSignals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

void BlockSignals() {
  sigset_t set = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

int RunUntilSignal(const std::function<void()>& drain) {
  int number = WaitForSignal();
  log::Info("shutting down", {{"signal", number}});
  EndAtOnceOnSecondSignal();
  drain();
  return number;
}

}  // namespace penstock::lifecycle
