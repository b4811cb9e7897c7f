// Executions as of a commit, on the wire.
#pragma once

#include "penstock/workflow/v1/execution.pb.h"
#include "services/workflow_engine/engine/shard_group.h"

namespace penstock::workflow_engine {

// Without node executions.
workflow::v1::Execution ToProto(const ExecutionSnapshot& snapshot);

}  // namespace penstock::workflow_engine
