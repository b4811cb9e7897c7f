// What the server processes hold in memory when nothing happens.
#include "tests/bench/scenarios.h"

namespace penstock::bench {

absl::Status MeasureIdle(Bench& bench) {
  Figure figure{"idle", "just started", {}};
  SetMemory(bench.meter().MemoryMb(), figure);
  bench.Print(figure);
  return absl::OkStatus();
}

}  // namespace penstock::bench
