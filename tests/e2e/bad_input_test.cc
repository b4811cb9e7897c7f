// Bad input is answered precisely, and nothing is lost, half-written or left running.
#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;

harness::HttpReply Post(const std::string& body,
                        const std::string& content_type = "application/json") {
  return Must(harness::Call({.url = SharedDeployment().WebhookUrl("bad"),
                             .method = "POST",
                             .body = body,
                             .headers = {"Content-Type: " + content_type}}));
}

// The shape of RFC 7807.
void CheckProblem(const harness::HttpReply& reply, int status) {
  INFO(reply.body);
  CHECK(reply.status == status);
  json problem = json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  REQUIRE(problem.is_object());
  CHECK(problem["status"] == status);
  CHECK_FALSE(problem.value("title", "").empty());
}

workflow::v1::ValidateWorkflowResponse Validate(const json& definition) {
  workflow::v1::ValidateWorkflowRequest request;
  *request.mutable_definition() =
      Must(harness::ParseWorkflow(json{{"definition", definition}}.dump())).definition();
  Clients& clients = SharedDeployment().clients();
  return Must(clients.Call(&WorkflowService::Stub::ValidateWorkflow, clients.workflows(), request));
}

std::string Mentioned(const workflow::v1::ValidateWorkflowResponse& response) {
  std::string text;
  for (const auto& problem : response.problems()) {
    text += fmt::format("{} {} {}\n", problem.node_id(), problem.field(), problem.description());
  }
  return text;
}

TEST_CASE("a webhook body that is not JSON is refused") {
  CheckProblem(Post(R"({"message": )"), 400);
  CheckProblem(Post("{\"message\": \"\xff\xfe\"}"), 400);
  CheckProblem(Post(std::string(65, '[') + "1" + std::string(65, ']')), 400);
}

TEST_CASE("a webhook body that is too large is refused") {
  CheckProblem(Post('"' + std::string(2 << 20, 'a') + '"'), 413);
}

TEST_CASE("a webhook body of an unsupported type is refused") {
  CheckProblem(Post("--x--", "multipart/form-data; boundary=x"), 415);
}

TEST_CASE("refused deliveries are not stored") {
  Post("{");
  CHECK(Must(Deliveries(SharedDeployment().clients(), "bad")).deliveries_size() == 0);
}

TEST_CASE("an unknown tenant gets the acknowledgement of a known one") {
  Deployment& penstock = SharedDeployment();
  harness::HttpReply known = Must(harness::PostJson(penstock.WebhookUrl("nobody-listens"), "{}"));
  harness::HttpReply unknown = Must(harness::PostJson(
      fmt::format("http://127.0.0.1:{}/webhooks/no-such-tenant/webhook/test", penstock.http_port()),
      "{}"));
  CHECK(unknown.status == known.status);
  CHECK(json::parse(unknown.body)["status"] == json::parse(known.body)["status"]);
  CHECK(json::parse(unknown.body)["webhookId"].get<std::string>().size() ==
        json::parse(known.body)["webhookId"].get<std::string>().size());
}

TEST_CASE("another method or path is told so") {
  Deployment& penstock = SharedDeployment();
  harness::HttpReply get = Must(harness::Call({.url = penstock.WebhookUrl("test")}));
  CheckProblem(get, 405);
  CHECK(get.headers["allow"].find("POST") != std::string::npos);
  CheckProblem(Must(harness::Call(
                   {.url = fmt::format("http://127.0.0.1:{}/nothing/here", penstock.http_port())})),
               404);
}

TEST_CASE("every problem of a definition is reported at once") {
  json definition = {
      {"nodes",
       {Node("a", "function", {{"code", "return 1;"}}), Node("b", "no_such_type", json::object()),
        Node("c", "function", json::object()), Node("a", "function", {{"code", "return 2;"}})}},
      {"edges", {Edge("a", "b"), Edge("b", "a"), Edge("a", "nowhere")}}};
  workflow::v1::ValidateWorkflowResponse response = Validate(definition);
  CHECK_FALSE(response.valid());
  std::string text = Mentioned(response);
  INFO(text);
  CHECK(text.find("no_such_type") != std::string::npos);
  CHECK(text.find("nowhere") != std::string::npos);
  CHECK(text.find("trigger") != std::string::npos);
  CHECK(text.find("code") != std::string::npos);
  CHECK(response.problems_size() >= 5);
}

TEST_CASE("a cycle is refused by name") {
  json definition =
      Chain({WebhookTrigger("cycle"), Node("left", "function", {{"code", "return 1;"}}),
             Node("right", "function", {{"code", "return 1;"}})});
  definition["edges"].push_back(Edge("right", "left"));
  std::string text = Mentioned(Validate(definition));
  INFO(text);
  CHECK(text.find("cycle") != std::string::npos);
  CHECK(text.find("left") != std::string::npos);
}

TEST_CASE("JavaScript that does not compile is refused before it is published") {
  std::string text = Mentioned(Validate(
      Chain({WebhookTrigger("syntax"), Node("broken", "function", {{"code", "return (;"}})})));
  INFO(text);
  CHECK(text.find("broken") != std::string::npos);
}

TEST_CASE("a workflow with problems is not published") {
  Clients& clients = SharedDeployment().clients();
  workflow::v1::CreateWorkflowRequest create;
  *create.mutable_workflow() = Must(harness::ParseWorkflow(json{
      {"name", "broken"},
      {"definition",
       Chain({Node("a", "function", json::object())})}}.dump()));
  workflow::v1::Workflow draft =
      Must(clients.Call(&WorkflowService::Stub::CreateWorkflow, clients.workflows(), create));
  workflow::v1::PublishWorkflowRequest publish;
  publish.set_id(draft.id());
  absl::Status refused =
      clients.Call(&WorkflowService::Stub::PublishWorkflow, clients.workflows(), publish).status();
  INFO(refused.ToString());
  CHECK((absl::IsFailedPrecondition(refused) || absl::IsInvalidArgument(refused)));
  CHECK(ViolationsOf(refused).size() >= 2);
  absl::Status not_started = Start(clients, draft.id(), {}, workflow::v1::WAIT_MODE_NONE).status();
  CHECK(absl::IsFailedPrecondition(not_started));
}

TEST_CASE("ids that are none are invalid, and ids of nothing are not found") {
  Clients& clients = SharedDeployment().clients();
  CHECK(absl::IsInvalidArgument(Get(clients, "not-an-id").status()));
  CHECK(absl::IsInvalidArgument(Get(clients, "").status()));
  CHECK(absl::IsNotFound(Get(clients, "01900000-0000-7000-8000-000000000000").status()));
  CHECK(absl::IsInvalidArgument(Start(clients, "x", {}, workflow::v1::WAIT_MODE_NONE).status()));
  CHECK(absl::IsNotFound(
      Start(clients, "01900000-0000-7000-8000-000000000000", {}, workflow::v1::WAIT_MODE_NONE)
          .status()));
}

TEST_CASE("a missing or made-up key is refused") {
  Deployment& penstock = SharedDeployment();
  for (const char* key : {"", "pk_live_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "nonsense"}) {
    Clients stranger(penstock.EngineAddress(), penstock.EngineAddress(), key);
    INFO(key);
    CHECK(absl::IsUnauthenticated(Get(stranger, "01900000-0000-7000-8000-000000000000").status()));
  }
}

TEST_CASE("another tenant's execution is not found") {
  Deployment& penstock = SharedDeployment();
  std::string id = Publish(penstock.clients(), Chain({WebhookTrigger("private")}));
  Execution execution = Must(Start(penstock.clients(), id, {}, workflow::v1::WAIT_MODE_COMPLETED));
  Must(penstock.CreateTenant("neighbour"));
  std::unique_ptr<Clients> neighbour = Must(penstock.NewCaller("neighbour", "owner"));
  CHECK(absl::IsNotFound(Get(*neighbour, execution.id()).status()));
  CHECK(absl::IsNotFound(Start(*neighbour, id, {}, workflow::v1::WAIT_MODE_NONE).status()));
}

TEST_CASE("a viewer may look and not touch") {
  Deployment& penstock = SharedDeployment();
  std::string id = Publish(penstock.clients(), Chain({WebhookTrigger("looked-at")}));
  std::unique_ptr<Clients> viewer = Must(penstock.NewCaller(penstock.tenant_slug(), "viewer"));
  CHECK(absl::IsPermissionDenied(Start(*viewer, id, {}, workflow::v1::WAIT_MODE_NONE).status()));
  Execution execution = Must(Start(penstock.clients(), id, {}, workflow::v1::WAIT_MODE_COMPLETED));
  CHECK(Get(*viewer, execution.id()).ok());
}

TEST_CASE("an input that is too large or too deep is refused") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Publish(clients, Chain({WebhookTrigger("large")}));
  json large = std::string(20 << 20, 'a');
  absl::Status refused = Start(clients, id, large, workflow::v1::WAIT_MODE_NONE).status();
  CHECK((absl::IsResourceExhausted(refused) || absl::IsInvalidArgument(refused)));
  json deep = 1;
  for (int i = 0; i < 90; ++i) deep = json::array({deep});
  CHECK(absl::IsInvalidArgument(Start(clients, id, deep, workflow::v1::WAIT_MODE_NONE).status()));
}

// A deadline travels in whole milliseconds, so the start may just have been in time; then it ran to
// its end.
TEST_CASE("a call whose deadline has passed is refused, and leaves nothing running") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Publish(clients, Chain({WebhookTrigger("late")}));
  grpc::ClientContext context;
  clients.Prepare(context, absl::ZeroDuration());
  workflow::v1::StartExecutionRequest request;
  request.set_workflow_id(id);
  Execution execution;
  CHECK(clients.executions().StartExecution(&context, request, &execution).error_code() ==
        grpc::StatusCode::DEADLINE_EXCEEDED);
  workflow::v1::ListExecutionsRequest list;
  list.set_workflow_id(id);
  workflow::v1::ListExecutionsResponse listed =
      Must(clients.Call(&ExecutionService::Stub::ListExecutions, clients.executions(), list));
  for (const Execution& started : listed.executions()) {
    CHECK(Must(AwaitEnd(clients, started.id())).state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  }
}

}  // namespace
}  // namespace penstock::e2e
