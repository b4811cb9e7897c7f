#include "services/workflow_engine/rpc/convert_snapshot.h"

#include "libs/request/fields.h"
#include "services/workflow_engine/rpc/convert_execution.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;

v1::Execution ToProto(const ExecutionSnapshot& snapshot) {
  const ExecutionIdentity& identity = *snapshot.identity;
  v1::Execution proto;
  proto.set_id(identity.id.ToString());
  proto.set_workflow_id(identity.workflow.ToString());
  proto.set_version(identity.version);
  proto.set_state(StateToProto(snapshot.state));
  SetValue(*identity.input, *proto.mutable_input());
  if (snapshot.result) SetValue(*snapshot.result, *proto.mutable_result());
  if (snapshot.error) SetError(*snapshot.error, *proto.mutable_error());
  SetTime(identity.started_at, *proto.mutable_start_time());
  if (IsOver(snapshot.state)) SetTime(snapshot.updated_at, *proto.mutable_end_time());
  proto.set_trigger_type(identity.trigger_type);
  proto.set_idempotency_key(identity.idempotency_key);
  if (identity.webhook) proto.set_webhook_id(identity.webhook->ToString());
  return proto;
}

}  // namespace penstock::workflow_engine
