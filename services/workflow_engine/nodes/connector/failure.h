// What connector-service's refusal is to a workflow. Pure.
#pragma once

#include "absl/status/status.h"
#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

// `repeatable`: doing the same again does no harm.
NodeError ConnectorError(const absl::Status& status, bool repeatable);

}  // namespace penstock::workflow_engine
