// Where an execution begins; passes on what started it. See README.md.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeTriggerType();

}  // namespace penstock::workflow_engine
