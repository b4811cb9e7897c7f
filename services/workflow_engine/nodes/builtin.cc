#include "services/workflow_engine/nodes/builtin.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/workflow_engine/nodes/condition/condition.h"
#include "services/workflow_engine/nodes/fail/fail.h"
#include "services/workflow_engine/nodes/function/function.h"
#include "services/workflow_engine/nodes/http_request/http_request.h"
#include "services/workflow_engine/nodes/join/join.h"
#include "services/workflow_engine/nodes/response/response.h"
#include "services/workflow_engine/nodes/stop/stop.h"
#include "services/workflow_engine/nodes/switch/switch.h"
#include "services/workflow_engine/nodes/transform/transform.h"
#include "services/workflow_engine/nodes/trigger/trigger.h"
#include "services/workflow_engine/nodes/wait/wait.h"

namespace penstock::workflow_engine {

NodeTypes BuiltinNodeTypes() {
  std::vector<std::unique_ptr<NodeType>> types;
  types.push_back(MakeConditionType());
  types.push_back(MakeFailType());
  types.push_back(MakeFunctionType());
  types.push_back(MakeHttpRequestType());
  types.push_back(MakeJoinType());
  types.push_back(MakeResponseType());
  types.push_back(MakeStopType());
  types.push_back(MakeSwitchType());
  types.push_back(MakeTransformType());
  types.push_back(MakeTriggerType());
  types.push_back(MakeWaitType());
  // Names and schemas are fixed at build time and tested, so this can't fail; value() ends the process if it does.
  return NodeTypes::Create(std::move(types)).value();
}

}  // namespace penstock::workflow_engine
