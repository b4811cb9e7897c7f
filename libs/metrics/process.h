// What the operating system says about this process, as the metrics Prometheus clients usually
// give: resident memory, CPU seconds, open files, threads, start time.
#pragma once

#include "libs/metrics/metrics.h"

namespace penstock::metrics {

// Adds penstock_process_* gauges, read from /proc/self at each exposition while the handle lives.
[[nodiscard]] Registry::CollectorHandle ExportProcessMetrics(Registry& registry);

}  // namespace penstock::metrics
