// The main job: seed 002's sample workflow as written.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;

TEST_CASE("the sample workflow turns a webhook into a stored result") {
  Deployment& penstock = SharedDeployment();
  std::ifstream file("docs/examples/seed-002-sample.json");
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  workflow::v1::Workflow sample = Must(harness::ParseWorkflow(text));
  Must(harness::CreateAndPublish(penstock.clients(), sample, "sample"));

  harness::HttpReply reply =
      Must(harness::PostJson(penstock.WebhookUrl("test"), R"({"message":"hello"})"));
  REQUIRE(reply.status == 200);
  json receipt = json::parse(reply.body);
  CHECK(receipt["status"] == "received");

  interfaces::v1::GetDeliveryRequest get;
  get.set_id(receipt["webhookId"].get<std::string>());
  interfaces::v1::Delivery delivery = Must(penstock.clients().Call(
      &WebhookService::Stub::GetDelivery, penstock.clients().webhooks(), get));
  CHECK(delivery.outcome() == interfaces::v1::DELIVERY_OUTCOME_ACCEPTED);
  CHECK(ToJson(delivery.payload()) == json{{"message", "hello"}});
  REQUIRE(delivery.execution_ids_size() == 1);

  Execution execution = Must(AwaitEnd(penstock.clients(), delivery.execution_ids(0)));
  CHECK(execution.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(execution.webhook_id() == delivery.id());
  CHECK(execution.trigger_type() == "webhook.test");
  CHECK(execution.result().string_value() == "The processed result is: hello processed");
  REQUIRE(execution.node_executions_size() == 3);
  CHECK(execution.node_executions(0).node_id() == "trigger-1");
  CHECK(execution.node_executions(1).node_id() == "process-1");
  CHECK(ToJson(execution.node_executions(1).output()) == json{{"result", "hello processed"}});
  CHECK(execution.node_executions(2).node_id() == "response-1");
  for (int i = 0; i < 3; ++i) {
    CHECK(execution.node_executions(i).sequence() == i + 1);
    CHECK(execution.node_executions(i).state() == workflow::v1::NODE_STATE_COMPLETED);
  }
}

TEST_CASE("the events of an execution can be replayed in order") {
  Deployment& penstock = SharedDeployment();
  std::string id = Publish(penstock.clients(), Chain({WebhookTrigger("replayed")}));
  Execution execution = Must(Start(penstock.clients(), id, {}, workflow::v1::WAIT_MODE_COMPLETED));

  workflow::v1::ReplayEventsRequest request;
  request.set_workflow_id(id);
  grpc::ClientContext context;
  penstock.clients().Prepare(context);
  auto stream = penstock.clients().events().ReplayEvents(&context, request);
  int64_t last = 0;
  std::vector<std::string> types;
  for (workflow::v1::Event event; stream->Read(&event);) {
    CHECK(event.sequence_number() > last);
    last = event.sequence_number();
    if (event.execution_id() == execution.id()) types.push_back(event.type());
  }
  REQUIRE(stream->Finish().ok());
  REQUIRE_FALSE(types.empty());
  CHECK(types.back() == "workflow.execution.completed");
}

}  // namespace
}  // namespace penstock::e2e
