#include "services/workflow_engine/loops/foreign_commits.h"

#include <utility>

#include "libs/status/macros.h"
#include "services/workflow_engine/storage/events_read.h"

namespace penstock::workflow_engine {

absl::Status ForeignCommits::Look() {
  absl::flat_hash_map<TenantId, int64_t> seen;
  for (TenantId tenant : signal_.subscribed()) {
    ASSIGN_OR_RETURN(int64_t last,
                     postgres::RunInTransactionReturning<int64_t>(
                         pool_, {tenant, UserId(), ""}, [&](postgres::Connection& connection) {
                           return LastEvent(connection, tenant);
                         }));
    seen[tenant] = last;
    auto before = last_seen_.find(tenant);
    // A tenant not looked at before is signalled: its follower may have read before this look.
    if (before == last_seen_.end() || before->second != last) signal_.Notify({tenant});
  }
  last_seen_ = std::move(seen);
  return absl::OkStatus();
}

}  // namespace penstock::workflow_engine
