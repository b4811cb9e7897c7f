#include "tests/e2e/workbench.h"

#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/status/macros.h"
#include "libs/testing/check.h"

namespace penstock::e2e {

using nlohmann::json;

Deployment& SharedDeployment() {
  static std::unique_ptr<Deployment> deployment = testing::Check(
      Deployment::Start(
          {.connectors = true,
           .interfaces_settings = {{"PENSTOCK_CORS_ORIGINS", "https://app.example.com"}},
           .schedulers = 1}),
      "starting the services");
  return *deployment;
}

void Must(const absl::Status& status) {
  if (!status.ok()) FAIL(status.ToString());
}

json Node(const std::string& id, const std::string& type, json config) {
  return {{"id", id}, {"name", id}, {"type", type}, {"config", std::move(config)}};
}

json Edge(const std::string& source, const std::string& target) {
  return {{"source", source}, {"target", target}};
}

json WebhookTrigger(const std::string& action, json more) {
  json config = {{"triggerType", "webhook"}, {"actionType", action}};
  config.update(more);
  return Node("trigger", "trigger", config);
}

json Chain(const std::vector<json>& nodes) {
  json edges = json::array();
  for (size_t i = 1; i < nodes.size(); ++i)
    edges.push_back(Edge(nodes[i - 1]["id"], nodes[i]["id"]));
  return {{"nodes", nodes}, {"edges", edges}};
}

std::string Publish(Clients& clients, const json& definition, const std::string& project) {
  static int count = 0;
  std::string name = fmt::format("workflow {}", ++count);
  workflow::v1::Workflow workflow = Must(harness::ParseWorkflow(
      json{{"name", name}, {"projectId", project}, {"definition", definition}}.dump()));
  return Must(harness::CreateAndPublish(clients, workflow, /*request_id=*/"")).id();
}

absl::StatusOr<Execution> Start(Clients& clients, const std::string& workflow_id, const json& input,
                                workflow::v1::WaitMode wait, const std::string& key) {
  workflow::v1::StartExecutionRequest request;
  request.set_workflow_id(workflow_id);
  request.set_wait_mode(wait);
  request.set_idempotency_key(key);
  auto parsed = google::protobuf::util::JsonStringToMessage(input.dump(), request.mutable_input());
  if (!parsed.ok()) return absl::InvalidArgumentError("input is not JSON");
  return clients.Call(&ExecutionService::Stub::StartExecution, clients.executions(), request);
}

absl::StatusOr<Execution> Get(Clients& clients, const std::string& id) {
  workflow::v1::GetExecutionRequest request;
  request.set_id(id);
  return clients.Call(&ExecutionService::Stub::GetExecution, clients.executions(), request);
}

absl::StatusOr<Execution> AwaitEnd(Clients& clients, const std::string& id) {
  workflow::v1::WatchExecutionRequest request;
  request.set_id(id);
  grpc::ClientContext context;
  clients.Prepare(context);
  auto stream = clients.executions().WatchExecution(&context, request);
  for (workflow::v1::WatchExecutionResponse change; stream->Read(&change);) {
  }
  grpc::Status ended = stream->Finish();
  if (!ended.ok()) return absl::InternalError(fmt::format("watch: {}", ended.error_message()));
  return Get(clients, id);
}

absl::StatusOr<interfaces::v1::ListDeliveriesResponse> Deliveries(Clients& clients,
                                                                  const std::string& action) {
  interfaces::v1::ListDeliveriesRequest request;
  request.set_trigger_type("webhook");
  request.set_action_type(action);
  request.set_page_size(200);
  return clients.Call(&WebhookService::Stub::ListDeliveries, clients.webhooks(), request);
}

json ToJson(const google::protobuf::Message& message) {
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(message, &text);
  return json::parse(text);
}

}  // namespace penstock::e2e
