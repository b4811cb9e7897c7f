#include "services/sandbox/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "js/GCAPI.h"
#include "js/Interrupt.h"
#include "js/MemoryCallbacks.h"
#include "libs/sandbox/protocol.h"

namespace penstock::sandbox {
namespace {

constexpr int kTickMicroseconds = 4000;
// Ticks without work after which the timer stops.
constexpr int kIdleTicks = 50;

// How much longer than its limit an evaluation may take to reach a safe point.
constexpr uint64_t kGraceMicroseconds = 200'000;

struct State {
  JSContext* cx = nullptr;
  int statm = -1;
  EvaluationLimits limits;
  uint64_t cpu_start_us = 0;
  uint64_t wall_start_us = 0;
  uint32_t evaluations = 0;
  size_t resident_threshold = 0;  // past this the callback looks closer
  Breach breach = Breach::kNone;
  std::atomic<bool> running = false;
  std::atomic<bool> armed = false;
  std::atomic<int> idle_ticks = 0;
  std::atomic<size_t> resident_idle = 0;
};
State g;

uint64_t Now(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
}

void SetTimer(int microseconds) {
  const itimerval value{{0, microseconds}, {0, microseconds}};
  setitimer(ITIMER_REAL, &value, nullptr);
}

// For code that reaches no safe point, as a regular expression that backtracks: the process ends
// itself.
void EndIfOutOfReach() {
  if (Now(CLOCK_THREAD_CPUTIME_ID) > g.cpu_start_us + g.limits.cpu_us + kGraceMicroseconds) {
    _exit(protocol::kExitTimedOut);
  }
  if (ResidentBytes() > g.resident_idle.load(std::memory_order_relaxed) + 4 * g.limits.heap_bytes) {
    _exit(protocol::kExitOutOfMemory);
  }
}

void OnTick(int) {
  const int saved_errno = errno;
  if (g.running.load(std::memory_order_relaxed)) {
    g.idle_ticks.store(0, std::memory_order_relaxed);
    JS_RequestInterruptCallbackCanWait(g.cx);
    EndIfOutOfReach();
  } else {
    g.resident_idle.store(ResidentBytes(), std::memory_order_relaxed);
    if (g.idle_ticks.fetch_add(1, std::memory_order_relaxed) >= kIdleTicks) {
      g.armed.store(false, std::memory_order_relaxed);
      SetTimer(0);
    }
  }
  errno = saved_errno;
}

// Runs inside the evaluation, where collecting is allowed.
bool OverMemory() {
  const size_t resident = ResidentBytes();
  const size_t base = g.resident_idle.load(std::memory_order_relaxed);
  const size_t threshold = std::max(g.resident_threshold, base + g.limits.heap_bytes);
  if (resident <= threshold) return false;
  // Garbage of earlier evaluations is not this one's; only what survives a collection counts.
  ReleaseMemory(g.cx);
  if (ResidentBytes() > base + g.limits.heap_bytes) return true;
  g.resident_threshold = resident + g.limits.heap_bytes / 4;
  return false;
}

bool OnInterrupt(JSContext*) {
  if (!g.running.load(std::memory_order_relaxed)) return true;
  if (g.breach == Breach::kNone) {
    if (Now(CLOCK_MONOTONIC) - g.wall_start_us > g.limits.wall_us ||
        Now(CLOCK_THREAD_CPUTIME_ID) - g.cpu_start_us > g.limits.cpu_us) {
      g.breach = Breach::kTime;
    } else if (OverMemory()) {
      g.breach = Breach::kMemory;
    }
  }
  return g.breach == Breach::kNone;
}

// An out-of-memory exception can be caught by user code; the evaluation is over all the same.
void OnOutOfMemory(JSContext* cx, void*) {
  if (!g.running.load(std::memory_order_relaxed)) return;
  g.breach = Breach::kMemory;
  JS_RequestInterruptCallbackCanWait(cx);
}

// SpiderMonkey ends the process where it cannot report a failed allocation. With a lot of memory in
// use that is what happened, and the exit status says so; otherwise it is a crash like any other.
void OnFatal(int signal_number) {
  if (g.running.load(std::memory_order_relaxed) &&
      ResidentBytes() > g.resident_idle.load(std::memory_order_relaxed) + g.limits.heap_bytes / 2) {
    _exit(protocol::kExitOutOfMemory);
  }
  _exit(128 + signal_number);
}

void Handle(int signal_number, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

void LimitGuard::Install(JSContext* cx) {
  g.cx = cx;
  g.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (g.statm < 0) {
    perror("penstock-sandbox: /proc/self/statm");
    exit(1);
  }
  g.resident_idle = ResidentBytes();
  JS_AddInterruptCallback(cx, OnInterrupt);
  JS::SetOutOfMemoryCallback(cx, OnOutOfMemory, nullptr);
  Handle(SIGALRM, OnTick, SA_RESTART);
  for (int fatal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT})
    Handle(fatal, OnFatal, SA_RESETHAND);
}

void LimitGuard::Begin(const EvaluationLimits& limits) {
  g.limits = limits;
  g.breach = Breach::kNone;
  g.resident_threshold = 0;
  g.wall_start_us = Now(CLOCK_MONOTONIC);
  g.cpu_start_us = Now(CLOCK_THREAD_CPUTIME_ID);
  g.running.store(true, std::memory_order_relaxed);
  if (!g.armed.exchange(true, std::memory_order_relaxed)) SetTimer(kTickMicroseconds);
}

void LimitGuard::RestartCpuTime() { g.cpu_start_us = Now(CLOCK_THREAD_CPUTIME_ID); }

uint64_t LimitGuard::End() {
  g.running.store(false, std::memory_order_relaxed);
  // Under constant load no tick falls between two evaluations, and caches grow legitimately.
  if (++g.evaluations % 256 == 0) g.resident_idle.store(ResidentBytes(), std::memory_order_relaxed);
  return Now(CLOCK_THREAD_CPUTIME_ID) - g.cpu_start_us;
}

Breach LimitGuard::breach() { return g.breach; }

size_t ResidentBytes() {
  char text[96];
  const ssize_t n = pread(g.statm, text, sizeof(text) - 1, 0);
  if (n <= 0) return 0;
  const char* p = text;
  while (p < text + n && *p != ' ') ++p;  // the first field is the size of the address space
  size_t pages = 0;
  for (++p; p < text + n && *p >= '0' && *p <= '9'; ++p) pages = pages * 10 + (*p - '0');
  return pages * 4096;
}

void ReleaseMemory(JSContext* cx) {
  JS_GC(cx);
  malloc_trim(0);
}

}  // namespace penstock::sandbox
