// Notices what other engines commit, for those who follow a tenant here. Commits of this process
// reach them by CommitSignal at once; those of others by looking, and only while somebody follows.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/engine/commit_signal.h"

namespace penstock::workflow_engine {

class ForeignCommits {
 public:
  static constexpr absl::Duration kPeriod = absl::Milliseconds(500);

  // `pool` is of the server role.
  ForeignCommits(postgres::Pool& pool, CommitSignal& signal) : pool_(pool), signal_(signal) {}

  // Body of a BackgroundLoop: one small query for each followed tenant, and a signal for those
  // whose stream has grown since the last look.
  absl::Status Look();

 private:
  postgres::Pool& pool_;
  CommitSignal& signal_;
  absl::flat_hash_map<TenantId, int64_t> last_seen_;
};

}  // namespace penstock::workflow_engine
