#include "services/workflow_engine/rpc/convert_execution.h"

#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/json/proto_json.h"
#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "nlohmann/json.hpp"
#include "services/workflow_engine/rpc/read_time.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;

namespace {

constexpr size_t kMaxErrorText = 200;

v1::NodeState StateToProto(NodeState state) {
  v1::NodeState proto = v1::NODE_STATE_UNSPECIFIED;
  v1::NodeState_Parse(fmt::format("NODE_STATE_{}", NodeStateName(state)), &proto);
  return proto;
}

// Nothing for a number that names no state.
std::optional<ExecutionState> StateFromProto(v1::ExecutionState state) {
  std::string_view name = v1::ExecutionState_Name(state);
  constexpr std::string_view kPrefix = "EXECUTION_STATE_";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  return ParseExecutionState(name.substr(kPrefix.size()));
}

std::string TextIn(const nlohmann::json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

// The names on the wire are those on record with the enum's name before them; a test walks all of
// them.
v1::ExecutionState StateToProto(ExecutionState state) {
  v1::ExecutionState proto = v1::EXECUTION_STATE_UNSPECIFIED;
  v1::ExecutionState_Parse(fmt::format("EXECUTION_STATE_{}", ExecutionStateName(state)), &proto);
  return proto;
}

void SetValue(const std::string& text, google::protobuf::Value& value) {
  if (!json::ToProto(text, value).ok()) value.Clear();
}

void SetError(const std::string& text, v1::ExecutionError& error) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return;
  error.set_type(TextIn(json, "type"));
  error.set_message(TextIn(json, "message"));
  error.set_node_id(TextIn(json, "nodeId"));
  error.set_stack(TextIn(json, "stack"));
}

absl::StatusOr<ExecutionQuery> FromProto(const v1::ListExecutionsRequest& request) {
  ExecutionQuery query{
      .filter = {}, .page_size = request.page_size(), .page_token = request.page_token()};
  std::vector<FieldViolation> wrong;
  if (request.state() != v1::EXECUTION_STATE_UNSPECIFIED) {
    query.filter.state = StateFromProto(request.state());
    if (!query.filter.state) wrong.push_back({"state", "is not a known state"});
  }
  if (!request.workflow_id().empty()) {
    query.filter.workflow = WorkflowId::Parse(request.workflow_id());
    if (!query.filter.workflow) wrong.push_back({"workflow_id", "must be a UUID"});
  }
  ReadTime(request.has_start_time(), request.start_time(), "start_time", query.filter.started_from,
           wrong);
  ReadTime(request.has_end_time(), request.end_time(), "end_time", query.filter.started_before,
           wrong);
  if (request.error_text().size() > kMaxErrorText) {
    wrong.push_back({"error_text", fmt::format("must be at most {} bytes", kMaxErrorText)});
  }
  query.filter.error_text = request.error_text();
  if (!wrong.empty()) return BadRequest(wrong);
  return query;
}

v1::NodeExecution ToProto(const NodeRecord& node) {
  v1::NodeExecution proto;
  proto.set_node_id(node.node_id);
  proto.set_node_type(node.node_type);
  proto.set_state(StateToProto(node.state));
  proto.set_visit(node.visit);
  proto.set_attempt(node.attempt);
  if (!node.input.empty()) SetValue(node.input, *proto.mutable_input());
  if (!node.output.empty()) SetValue(node.output, *proto.mutable_output());
  if (!node.error.empty()) SetError(node.error, *proto.mutable_error());
  SetTime(node.started_at, *proto.mutable_start_time());
  if (node.completed_at) SetTime(*node.completed_at, *proto.mutable_end_time());
  proto.set_sequence(node.sequence);
  if (node.wake_at) SetTime(*node.wake_at, *proto.mutable_wake_time());
  proto.set_branch(node.branch);
  return proto;
}

v1::Execution ToProto(const ExecutionRecord& execution) {
  v1::Execution proto;
  proto.set_id(execution.id.ToString());
  proto.set_workflow_id(execution.workflow.ToString());
  proto.set_version(execution.version);
  proto.set_state(StateToProto(execution.state));
  if (execution.ending) proto.set_ending(StateToProto(*execution.ending));
  if (!execution.input.empty()) SetValue(execution.input, *proto.mutable_input());
  if (!execution.result.empty()) SetValue(execution.result, *proto.mutable_result());
  if (!execution.error.empty()) SetError(execution.error, *proto.mutable_error());
  SetTime(execution.started_at, *proto.mutable_start_time());
  if (execution.completed_at) SetTime(*execution.completed_at, *proto.mutable_end_time());
  proto.set_trigger_type(execution.trigger_type);
  proto.set_idempotency_key(execution.idempotency_key);
  if (execution.webhook) proto.set_webhook_id(execution.webhook->ToString());
  for (const NodeRecord& node : execution.nodes) *proto.add_node_executions() = ToProto(node);
  return proto;
}

v1::ListExecutionsResponse ToProto(const ExecutionPage& page) {
  v1::ListExecutionsResponse proto;
  for (const ExecutionRecord& execution : page.items) {
    *proto.add_executions() = ToProto(execution);
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::workflow_engine
