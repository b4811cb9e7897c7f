// Maps, filters or reduces a list, or sets members of an object. See README.md.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeTransformType();

}  // namespace penstock::workflow_engine
