// JavaScript in the sandbox. See README.md.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeFunctionType();

}  // namespace penstock::workflow_engine
