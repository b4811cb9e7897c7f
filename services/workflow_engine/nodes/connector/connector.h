// Calls the system behind a connector, through connector-service.
#pragma once

#include <memory>

#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

std::unique_ptr<NodeType> MakeConnectorType();

}  // namespace penstock::workflow_engine
