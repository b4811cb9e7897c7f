// Drops the rows of runs that are long over, of all tenants, a little at a time.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/postgres/pool.h"

namespace penstock::scheduler {

// The last runs of a schedule stay, however old they are.
inline constexpr int kLatestKept = 10;

class RunRetention {
 public:
  // `pool` outlives it.
  RunRetention(postgres::Pool& pool, absl::Duration age) : pool_(pool), age_(age) {}

  // Looks at what has become old enough since the last call, at most so much of it that it takes
  // seconds; the rest is for the next one. How many rows it dropped. One thread calls it.
  absl::StatusOr<int64_t> Run();

 private:
  postgres::Pool& pool_;
  const absl::Duration age_;
  // What was over up to here has been looked at. Rows that stayed, as the last of their schedule,
  // go when a later one of it has become old, or when another process begins from the start.
  absl::Time done_until_ = absl::InfinitePast();
};

}  // namespace penstock::scheduler
