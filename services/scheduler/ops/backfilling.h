// Backfills of all tenants, step by step: each step is one transaction and leaves them where the
// next one, of whichever scheduler, goes on.
#pragma once

#include "absl/status/status.h"
#include "libs/postgres/pool.h"

namespace penstock::scheduler {

// Takes those whose turn it is a step further; what they start is found by WakeRuns.
absl::Status AdvanceBackfills(postgres::Pool& pool);

}  // namespace penstock::scheduler
