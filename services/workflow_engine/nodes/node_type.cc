#include "services/workflow_engine/nodes/node_type.h"

namespace penstock::workflow_engine {

Step NodeProgram::Resume(const NodeContext&, const StepResult&) const {
  return Fail{{"INTERNAL", "the node was given a result it did not ask for", "", false}};
}

}  // namespace penstock::workflow_engine
