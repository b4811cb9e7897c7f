// SIGTERM and SIGINT end the process in order; a second one ends it at once. SIGPIPE is ignored:
// broken connections are errors of the call that wrote.
#pragma once

#include <functional>

namespace penstock::lifecycle {

// Blocks SIGTERM and SIGINT in the calling thread and in all threads made by it, and ignores
// SIGPIPE. Called first in main, so that only RunUntilSignal sees them.
void BlockSignals();

// Waits for SIGTERM or SIGINT, then calls `drain` on this thread and returns the signal's number.
// While `drain` runs, another signal ends the process at once with exit code 128 + its number.
int RunUntilSignal(const std::function<void()>& drain);

}  // namespace penstock::lifecycle
