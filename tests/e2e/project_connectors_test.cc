// Services that call each other across projects: real services and database.
#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "google/protobuf/util/json_util.h"
#include "libs/testing/check.h"
#include "penstock/connector/v1/project_connector.grpc.pb.h"
#include "penstock/interfaces/v1/service_interface.grpc.pb.h"
#include "tests/e2e/people.h"
#include "tests/e2e/workbench.h"

namespace penstock::e2e {
namespace {

using connector::v1::ProjectConnectorService;
using interfaces::v1::ServiceInterfaceService;
using nlohmann::json;
using testing::Check;
using workflow::v1::WAIT_MODE_COMPLETED;
using workflow::v1::WAIT_MODE_NONE;

Clients& Caller() { return SharedDeployment().clients(); }

template <typename Message>
Message Parse(const json& value) {
  Message message;
  const auto parsed = google::protobuf::util::JsonStringToMessage(value.dump(), &message);
  if (!parsed.ok()) testing::Fail(value.dump(), std::string(parsed.message()));
  return message;
}

template <typename Request, typename Response>
absl::StatusOr<Response> Ask(grpc::Status (ServiceInterfaceService::Stub::*method)(
                                 grpc::ClientContext*, const Request&, Response*),
                             const json& request, Clients& clients = Caller()) {
  auto stub = ServiceInterfaceService::NewStub(clients.interfaces_channel());
  return clients.Call(method, *stub, Parse<Request>(request));
}

template <typename Request, typename Response>
absl::StatusOr<Response> Ask(grpc::Status (ProjectConnectorService::Stub::*method)(
                                 grpc::ClientContext*, const Request&, Response*),
                             const json& request, Clients& clients = Caller()) {
  auto stub = ProjectConnectorService::NewStub(clients.connectors_channel());
  return clients.Call(method, *stub, Parse<Request>(request));
}

json Call(const std::string& id, const std::string& link, const json& more = json::object()) {
  json config = {{"project_connector", link}};
  config.update(more);
  return Node(id, "call_interface", config);
}

std::string MakeInterface(const std::string& service, const std::string& name,
                          const std::string& type, const json& more = json::object()) {
  json interface = {{"serviceId", service}, {"name", name}, {"type", "INTERFACE_TYPE_" + type}};
  interface.update(more);
  return Check(Ask(&ServiceInterfaceService::Stub::CreateServiceInterface,
                   {{"serviceInterface", interface}}),
               name)
      .id();
}

// A shop, and a billing whose services it calls.
struct Projects {
  Projects() {
    static int count = 0;
    const std::string suffix = std::to_string(++count);
    People people(Caller());
    shop = Check(people.CreateProject("shop " + suffix), "shop").id();
    billing = Check(people.CreateProject("billing " + suffix), "billing").id();
    json approval =
        Chain({WebhookTrigger("bill"),
               Node("ask", "wait_for_signal", {{"signal", "approval"}, {"timeout", "1h"}}),
               Node("r", "response", {{"template", {{"by", "{{input}}"}}}})});
    approval["settings"]["queries"]["who"] = {{"by", "{{nodes.ask.output}}"}};
    invoices = Publish(Caller(), approval, billing);
    totals =
        Publish(Caller(),
                Chain({WebhookTrigger("total"),
                       Node("r", "response", {{"template", {{"due", "{{trigger.data.total}}"}}}})}),
                billing);
    Link(invoices, "open", MakeInterface(invoices, "open", "START_CHILD"));
    Link(invoices, "approve",
         MakeInterface(invoices, "approve", "SIGNAL", {{"callableName", "approval"}}));
    Link(invoices, "who", MakeInterface(invoices, "who", "QUERY", {{"callableName", "who"}}));
    place = MakeInterface(totals, "place", "START_CHILD",
                          {{"payloadSchema",
                            {{"type", "object"},
                             {"required", {"total"}},
                             {"properties", {{"total", {{"type", "number"}}}}}}},
                           {"returnSchema", {{"type", "object"}, {"required", {"due"}}}}});
    place_link = Link(totals, "place", place);
  }

  std::string Link(const std::string& service, const std::string& name,
                   const std::string& interface) {
    return Check(Ask(&ProjectConnectorService::Stub::CreateProjectConnector,
                     {{"projectConnector",
                       {{"name", name},
                        {"sourceProjectId", shop},
                        {"targetProjectId", billing},
                        {"targetServiceId", service},
                        {"targetInterfaceId", interface}}}}),
                 name)
        .id();
  }
  // Runs a workflow of `project` that calls "place" and waits.
  Execution Place(const std::string& project, const json& total,
                  const std::string& link = "place") {
    const std::string workflow = Publish(
        Caller(),
        Chain({WebhookTrigger("order"),
               Call("place", link,
                    {{"payload", {{"total", "{{trigger.data.total}}"}}}, {"wait", "completed"}})}),
        project);
    return Must(Start(Caller(), workflow, {{"total", total}}, WAIT_MODE_COMPLETED));
  }

  std::string shop, billing, invoices, totals, place, place_link;
};

workflow::v1::ListExecutionsResponse ExecutionsOf(const std::string& workflow) {
  workflow::v1::ListExecutionsRequest request;
  request.set_workflow_id(workflow);
  request.set_page_size(100);
  return Must(
      Caller().Call(&ExecutionService::Stub::ListExecutions, Caller().executions(), request));
}

// Looks until it is so.
template <typename Condition>
void Await(const Condition& is_so) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (!is_so()) REQUIRE(absl::Now() < end);
}

TEST_CASE_METHOD(Projects, "a workflow starts, asks and signals a service of another project") {
  const json of_opened = {{"execution_id", "{{nodes.open.output.executionId}}"}};
  json approve = of_opened;
  approve["payload"] = "{{trigger.data.name}}";
  const std::string workflow =
      Publish(Caller(),
              Chain({WebhookTrigger("order"), Call("open", "open"), Call("who", "who", of_opened),
                     Call("approve", "approve", approve)}),
              shop);
  const Execution ended = Must(
      AwaitEnd(Caller(), Must(Start(Caller(), workflow, {{"name", "ann"}}, WAIT_MODE_NONE)).id()));
  REQUIRE(ended.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  const std::string opened = ToJson(ended.result())["executionId"];
  const Execution invoice = Must(AwaitEnd(Caller(), opened));
  CHECK(invoice.workflow_id() == invoices);
  CHECK(ToJson(invoice.result()) == json{{"by", "ann"}});
  for (const auto& node : ended.node_executions()) {
    if (node.node_id() == "who") CHECK(ToJson(node.output())["result"] == json{{"by", nullptr}});
  }
}

TEST_CASE_METHOD(Projects,
                 "what a service ends with comes back, and what it does not take is told") {
  const Execution placed = Place(shop, 7);
  REQUIRE(placed.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(ToJson(placed.result())["result"] == json{{"due", 7}});
  const Execution refused = Place(shop, "seven");
  CHECK(refused.state() == workflow::v1::EXECUTION_STATE_FAILED);
  CHECK(refused.error().type() == "PAYLOAD_MISMATCH");
  CHECK(refused.error().message().find("payload/total") != std::string::npos);
  CHECK(ExecutionsOf(totals).executions_size() == 1);
}

TEST_CASE_METHOD(Projects, "a link that is private is for its own project") {
  const std::string third = Check(People(Caller()).CreateProject("third of " + shop), "third").id();
  const Execution refused = Place(third, 7);
  CHECK(refused.state() == workflow::v1::EXECUTION_STATE_FAILED);
  CHECK(refused.error().type() == "NOT_FOUND");
  CHECK(Place(third, 7, place_link).error().type() == "NOT_FOUND");
  CHECK(ExecutionsOf(totals).executions_size() == 0);
  Must(Ask(&ProjectConnectorService::Stub::UpdateProjectConnector,
           {{"projectConnector",
             {{"id", place_link}, {"visibility", "PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION"}}}})
           .status());
  CHECK(Place(third, 7, place_link).state() == workflow::v1::EXECUTION_STATE_COMPLETED);
}

TEST_CASE_METHOD(Projects, "an interface that is deleted takes what leads to it along") {
  Must(Ask(&ServiceInterfaceService::Stub::DeleteServiceInterface, {{"id", place}}).status());
  CHECK(absl::IsNotFound(
      Ask(&ProjectConnectorService::Stub::GetProjectConnector, {{"id", place_link}}).status()));
  CHECK(Place(shop, 7, place_link).error().type() == "NOT_FOUND");
}

TEST_CASE_METHOD(Projects, "another tenant sees and calls nothing") {
  auto other = Must(SharedDeployment().NewCaller("platform", "owner"));
  CHECK(absl::IsNotFound(
      Ask(&ProjectConnectorService::Stub::GetProjectConnector, {{"id", place_link}}, *other)
          .status()));
  CHECK(Must(Ask(&ProjectConnectorService::Stub::ListProjectConnectors, json::object(), *other))
            .total_size() == 0);
  CHECK(Must(Ask(&ServiceInterfaceService::Stub::ListServiceInterfaces, json::object(), *other))
            .total_size() == 0);
  CHECK(absl::IsNotFound(Ask(&ServiceInterfaceService::Stub::InvokeServiceInterface,
                             {{"id", place}, {"payload", {{"total", 7}}}}, *other)
                             .status()));
  CHECK(ExecutionsOf(totals).executions_size() == 0);
}

TEST_CASE_METHOD(Projects,
                 "a connector-service that is killed during a call leaves one execution") {
  const std::string workflow = Publish(
      Caller(), Chain({WebhookTrigger("order"), Call("open", "open", {{"wait", "completed"}})}),
      shop);
  const std::string id = Must(Start(Caller(), workflow, json::object(), WAIT_MODE_NONE)).id();
  Await([&] { return ExecutionsOf(invoices).executions_size() == 1; });
  harness::Service& connectors = SharedDeployment().connectors();
  connectors.Kill();
  Must(connectors.Start());
  workflow::v1::SignalExecutionRequest approve;
  approve.set_id(ExecutionsOf(invoices).executions(0).id());
  approve.set_name("approval");
  approve.mutable_payload()->set_string_value("ann");
  Must(Caller()
           .Call(&ExecutionService::Stub::SignalExecution, Caller().executions(), approve)
           .status());
  const Execution ended = Must(AwaitEnd(Caller(), id));
  REQUIRE(ended.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(ToJson(ended.result()) == json{{"executionId", approve.id()}, {"result", {{"by", "ann"}}}});
  CHECK(ExecutionsOf(invoices).executions_size() == 1);
  // The first attempt was under way when it was killed.
  CHECK(ended.node_executions(ended.node_executions_size() - 1).attempt() > 1);
}

TEST_CASE_METHOD(Projects, "a service that starts itself comes to an end") {
  const std::string endless =
      Publish(Caller(), Chain({WebhookTrigger("again"), Call("again", "again")}), billing);
  const std::string interface = MakeInterface(endless, "again", "START_CHILD");
  Must(Ask(&ProjectConnectorService::Stub::CreateProjectConnector,
           {{"projectConnector",
             {{"name", "again"},
              {"sourceProjectId", billing},
              {"targetProjectId", billing},
              {"targetServiceId", endless},
              {"targetInterfaceId", interface}}}})
           .status());
  Must(Start(Caller(), endless, json::object(), WAIT_MODE_NONE).status());
  const auto failed = [&] {
    const auto all = ExecutionsOf(endless);
    for (const Execution& execution : all.executions()) {
      if (execution.state() == workflow::v1::EXECUTION_STATE_FAILED) {
        return execution.error().type() == "CALL_TOO_DEEP";
      }
    }
    return false;
  };
  Await(failed);
  CHECK(ExecutionsOf(endless).executions_size() == 17);
}

TEST_CASE("keys of starts by interfaces are nobody else's") {
  const std::string workflow = Publish(Caller(), Chain({WebhookTrigger("keyed")}));
  CHECK(absl::IsInvalidArgument(
      Start(Caller(), workflow, json::object(), WAIT_MODE_NONE, "interface/0/x").status()));
}

}  // namespace
}  // namespace penstock::e2e
