// The one list of node types. A new type is a folder and a line in builtin.cc.
#pragma once

#include "services/workflow_engine/nodes/registry.h"

namespace penstock::workflow_engine {

// Those of tenants' workflows.
NodeTypes BuiltinNodeTypes();

// Those and what only Penstock's own workflows may use, which come with the schema and through no API.
NodeTypes PlatformNodeTypes();

}  // namespace penstock::workflow_engine
