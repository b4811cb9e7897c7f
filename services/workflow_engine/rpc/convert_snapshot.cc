#include "services/workflow_engine/rpc/convert_snapshot.h"

#include "libs/json/proto_json.h"
#include "nlohmann/json.hpp"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;

namespace {

void SetTime(absl::Time time, google::protobuf::Timestamp& proto) {
  int64_t micros = absl::ToUnixMicros(time);
  proto.set_seconds(micros / 1'000'000);
  proto.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1000);
}

v1::ExecutionState StateToProto(ExecutionState state) {
  v1::ExecutionState proto = v1::EXECUTION_STATE_UNSPECIFIED;
  v1::ExecutionState_Parse("EXECUTION_STATE_" + std::string(ExecutionStateName(state)), &proto);
  return proto;
}

// Our own text always parses; should it not, the field stays empty rather than the call fail.
void SetValue(const Text& text, google::protobuf::Value& value) {
  if (!json::ToProto(*text, value).ok()) value.Clear();
}

void SetError(const Text& text, v1::ExecutionError& error) {
  nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return;
  error.set_type(json.value("type", ""));
  error.set_message(json.value("message", ""));
  error.set_node_id(json.value("nodeId", ""));
  error.set_stack(json.value("stack", ""));
}

}  // namespace

v1::Execution ToProto(const ExecutionSnapshot& snapshot) {
  const ExecutionIdentity& identity = *snapshot.identity;
  v1::Execution proto;
  proto.set_id(identity.id.ToString());
  proto.set_workflow_id(identity.workflow.ToString());
  proto.set_version(identity.version);
  proto.set_state(StateToProto(snapshot.state));
  SetValue(identity.input, *proto.mutable_input());
  if (snapshot.result) SetValue(snapshot.result, *proto.mutable_result());
  if (snapshot.error) SetError(snapshot.error, *proto.mutable_error());
  SetTime(identity.started_at, *proto.mutable_start_time());
  if (IsOver(snapshot.state)) SetTime(snapshot.updated_at, *proto.mutable_end_time());
  proto.set_trigger_type(identity.trigger_type);
  proto.set_idempotency_key(identity.idempotency_key);
  if (identity.webhook) proto.set_webhook_id(identity.webhook->ToString());
  return proto;
}

}  // namespace penstock::workflow_engine
