// Each scenario measures and prints its figures. docs/guides/benchmarks.md says what they mean.
#pragma once

#include "absl/status/status.h"
#include "tests/bench/bench.h"

namespace penstock::bench {

absl::Status MeasureCeilings(Bench& bench);  // PostgreSQL alone
absl::Status MeasureIdle(Bench& bench);      // memory before any load
absl::Status MeasureWebhooks(Bench& bench);  // W1 at 1, 16, 64 and 256 in flight
absl::Status MeasureSteady(Bench& bench);    // W1 at 50 a second
absl::Status MeasureHeldOpen(Bench& bench);  // W1 beside a long transaction
absl::Status MeasureRowSecurity(Bench& bench);  // W1 with row-level security and without
absl::Status MeasureFanOut(Bench& bench);    // W2
absl::Status MeasureSequence(Bench& bench);  // W3
absl::Status MeasureWaits(Bench& bench);     // W4
absl::Status MeasureSchedules(Bench& bench);  // how late schedules start what is due
absl::Status MeasureScheduleRestart(Bench& bench);  // a scheduler with many schedules stored
absl::Status MeasurePreview(Bench& bench);          // 1,000 instants to come
absl::Status MeasureRestart(
    Bench& bench);  // a killed engine with much open work; leaves that work behind, so run it last

}  // namespace penstock::bench
