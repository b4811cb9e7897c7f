// Change sets as the statements that write them: one array per column, one statement per table, whatever the number of rows.
#pragma once

#include <vector>

#include "absl/types/span.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/engine/changes.h"
#include "services/workflow_engine/engine/shard_map.h"

namespace penstock::workflow_engine {

// Adds one whole transaction to `pipeline`: BEGIN, the proof that `boot_id` owns every shard touched under the epoch `shards` gives it,
// the rows, COMMIT. Event numbers are taken last, so that the streams are locked only for the commit itself.
void AddTransaction(absl::Span<const ChangeSet> sets, const Uuid& boot_id, const ShardEpochs& shards, absl::Time now,
                    postgres::Pipeline& pipeline);

}  // namespace penstock::workflow_engine
