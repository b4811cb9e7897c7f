// Waits for a signal that somebody sends to the execution. See README.md.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeWaitForSignalType();

}  // namespace penstock::workflow_engine
