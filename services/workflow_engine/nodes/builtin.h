// The one list of node types. A new type is a folder and a line in builtin.cc.
#pragma once

#include "services/workflow_engine/nodes/registry.h"

namespace penstock::workflow_engine {

NodeTypes BuiltinNodeTypes();

}  // namespace penstock::workflow_engine
