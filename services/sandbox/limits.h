// The limits of the evaluation that is running: CPU time, wall time and memory.
//
// One thread does everything here, so the watchdog is an interval timer: its signal asks
// SpiderMonkey for an interrupt, and the interrupt callback, at a safe point, decides. The timer
// runs only while there is work, and is left running between evaluations, because arming it costs
// more than a small evaluation. Code that reaches no safe point (a long native call) is ended with
// the process: by the timer's signal, or by the engine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "jsapi.h"

namespace penstock::sandbox {

struct EvaluationLimits {
  uint64_t cpu_us = 0;
  uint64_t wall_us = 0;
  uint64_t heap_bytes = 0;
  uint64_t output_bytes = 0;
};

enum class Breach { kNone, kTime, kMemory };

// One for a process: signals and SpiderMonkey's callbacks find it without an argument.
class LimitGuard {
 public:
  // Opens /proc/self/statm, so it must be called before the process is confined.
  static void Install(JSContext* cx);

  static void Begin(const EvaluationLimits& limits);
  // Microseconds of CPU since Begin.
  static uint64_t End();
  static Breach breach();

  // Moves the start of CPU time to now: making a realm is not the user's doing.
  static void RestartCpuTime();
};

// Memory of this process, as the kernel counts it. Safe in a signal handler.
size_t ResidentBytes();
// Collects, and gives back what became free.
void ReleaseMemory(JSContext* cx);

}  // namespace penstock::sandbox
