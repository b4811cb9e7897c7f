// A step that another Penstock service runs. See README.md.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeServiceStepType();

}  // namespace penstock::workflow_engine
