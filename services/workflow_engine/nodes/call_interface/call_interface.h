// Calls an interface of a service of another project, through a project connector.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeCallInterfaceType();

}  // namespace penstock::workflow_engine
