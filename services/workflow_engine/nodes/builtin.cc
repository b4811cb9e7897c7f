#include "services/workflow_engine/nodes/builtin.h"

#include <memory>
#include <utility>
#include <vector>

#include "services/workflow_engine/nodes/call_interface/call_interface.h"
#include "services/workflow_engine/nodes/condition/condition.h"
#include "services/workflow_engine/nodes/connector/connector.h"
#include "services/workflow_engine/nodes/fail/fail.h"
#include "services/workflow_engine/nodes/function/function.h"
#include "services/workflow_engine/nodes/http_request/http_request.h"
#include "services/workflow_engine/nodes/join/join.h"
#include "services/workflow_engine/nodes/response/response.h"
#include "services/workflow_engine/nodes/service_step/service_step.h"
#include "services/workflow_engine/nodes/stop/stop.h"
#include "services/workflow_engine/nodes/switch/switch.h"
#include "services/workflow_engine/nodes/transform/transform.h"
#include "services/workflow_engine/nodes/trigger/trigger.h"
#include "services/workflow_engine/nodes/wait/wait.h"
#include "services/workflow_engine/nodes/wait_for_signal/wait_for_signal.h"

namespace penstock::workflow_engine {

namespace {

std::vector<std::unique_ptr<NodeType>> MakeBuiltin() {
  std::vector<std::unique_ptr<NodeType>> types;
  types.push_back(MakeCallInterfaceType());
  types.push_back(MakeConditionType());
  types.push_back(MakeConnectorType());
  types.push_back(MakeFailType());
  types.push_back(MakeFunctionType());
  types.push_back(MakeHttpRequestType());
  types.push_back(MakeJoinType());
  types.push_back(MakeResponseType());
  types.push_back(MakeStopType());
  types.push_back(MakeSwitchType());
  types.push_back(MakeTransformType());
  types.push_back(MakeTriggerType());
  types.push_back(MakeWaitForSignalType());
  types.push_back(MakeWaitType());
  return types;
}

}  // namespace

NodeTypes BuiltinNodeTypes() {
  // Names and schemas are fixed at build time and tested, so this can't fail; value() ends the process if it does.
  return NodeTypes::Create(MakeBuiltin()).value();
}

NodeTypes PlatformNodeTypes() {
  std::vector<std::unique_ptr<NodeType>> types = MakeBuiltin();
  types.push_back(MakeServiceStepType());
  return NodeTypes::Create(std::move(types)).value();
}

}  // namespace penstock::workflow_engine
