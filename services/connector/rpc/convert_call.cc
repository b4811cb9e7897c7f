#include "services/connector/rpc/convert_call.h"

#include <algorithm>
#include <map>

#include "libs/json/proto_json.h"
#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/ops/shown_answer.h"
#include "services/connector/rpc/convert_connector.h"

namespace penstock::connector {
namespace {

// Of a connector's calls, in the request's order.
template <typename Pairs>
Pairs PairsOf(const google::protobuf::Map<std::string, std::string>& map) {
  // A map on the wire has no order: by name, so that the same request is the same text.
  const std::map<std::string, std::string> sorted(map.begin(), map.end());
  return Pairs(sorted.begin(), sorted.end());
}

// Ids are shown in the audit: none that is no id gets there.
absl::Status CheckExecutionId(const std::string& id) {
  return ParseOptionalId<ExecutionId>(id, "execution_id").status();
}

}  // namespace

absl::StatusOr<FetchRequest> FromProto(const v1::FetchDataRequest& request) {
  FetchRequest asked;
  ASSIGN_OR_RETURN(asked.call.connector, ParseId<ConnectorId>(request.id(), "id"));
  RETURN_IF_ERROR(CheckExecutionId(request.execution_id()));
  asked.call.request.resource_path = request.resource_path();
  asked.call.request.query = PairsOf<decltype(asked.call.request.query)>(request.query());
  asked.call.request.headers = PairsOf<egress::Headers>(request.headers());
  asked.call.accept_error_status = request.accept_error_status();
  asked.call.execution_id = request.execution_id();
  if (request.max_pages() < 0 || request.max_pages() > kMaxPages) {
    return InvalidField("max_pages", "must be 0 to 100");
  }
  asked.max_pages = std::max(1, request.max_pages());
  return asked;
}

absl::StatusOr<ActionRequest> FromProto(const v1::PerformActionRequest& request) {
  ActionRequest asked;
  ASSIGN_OR_RETURN(asked.connector, ParseId<ConnectorId>(request.id(), "id"));
  RETURN_IF_ERROR(CheckExecutionId(request.execution_id()));
  asked.action_name = request.action_name();
  if (request.has_payload()) {
    absl::StatusOr<std::string> payload = json::FromProto(request.payload());
    if (!payload.ok()) return InvalidField("payload", std::string(payload.status().message()));
    asked.payload = *std::move(payload);
  }
  asked.method = request.method();
  asked.resource_path = request.resource_path();
  asked.query = PairsOf<decltype(asked.query)>(request.query());
  asked.headers = PairsOf<egress::Headers>(request.headers());
  asked.idempotency_key = request.idempotency_key();
  asked.accept_error_status = request.accept_error_status();
  asked.execution_id = request.execution_id();
  return asked;
}

v1::TestConnectorResponse ToProto(const TestOutcome& outcome) {
  v1::TestConnectorResponse proto;
  proto.set_outcome(outcome.succeeded ? v1::TestConnectorResponse::OUTCOME_SUCCESS
                                      : v1::TestConnectorResponse::OUTCOME_FAILURE);
  proto.set_http_status(outcome.http_status);
  const int64_t micros = absl::ToInt64Microseconds(outcome.duration);
  proto.mutable_duration()->set_seconds(micros / 1'000'000);
  proto.mutable_duration()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  if (outcome.error) *proto.mutable_error() = ToProto(*outcome.error);
  return proto;
}

absl::StatusOr<v1::CallAnswer> ToProto(const egress::HttpResponse& response) {
  v1::CallAnswer proto;
  proto.set_http_status(response.status);
  for (const auto& [name, value] : ShownHeaders(response)) (*proto.mutable_headers())[name] = value;
  if (response.body.empty()) return proto;
  switch (BodyKindOf(response.body)) {
    case BodyKind::kJson:
      RETURN_IF_ERROR(json::ToProto(response.body, *proto.mutable_body()));
      break;
    case BodyKind::kText:
      proto.set_text(response.body);
      break;
    case BodyKind::kBytes:
      proto.set_data(response.body);
  }
  return proto;
}

v1::PreparedRequest ToProto(const egress::HttpRequest& request) {
  v1::PreparedRequest proto;
  proto.set_method(request.method);
  proto.set_url(request.url);
  for (const auto& [name, value] : request.headers) {
    std::string& joined = (*proto.mutable_headers())[name];
    joined += (joined.empty() ? "" : ", ") + value;
  }
  proto.set_body(request.body);
  return proto;
}

absl::StatusOr<v1::ListActionsResponse> ActionsToProto(const openapi::ApiSpec& spec) {
  v1::ListActionsResponse proto;
  for (const openapi::Operation& operation : spec.Operations()) {
    auto& action = *proto.add_actions();
    action.set_name(operation.operation_id);
    action.set_summary(operation.summary);
    action.set_method(operation.method);
    action.set_path(operation.path);
    RETURN_IF_ERROR(
        json::ToProto(spec.PayloadSchema(operation).dump(), *action.mutable_payload_schema()));
  }
  return proto;
}

absl::StatusOr<v1::ListAuthTypesResponse> ToProto(const AuthStrategies& strategies) {
  v1::ListAuthTypesResponse proto;
  for (const auto& strategy : strategies.all()) {
    auto& type = *proto.add_auth_types();
    type.set_name(std::string(strategy->type()));
    type.set_description(std::string(strategy->description()));
    RETURN_IF_ERROR(json::ToProto(strategy->config_schema().dump(), *type.mutable_config_schema()));
  }
  return proto;
}

}  // namespace penstock::connector
