// Signals and queries over gRPC, on whichever engine they meet.
#include <catch2/catch.hpp>

#include "tests/e2e/workbench.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;
using workflow::v1::WAIT_MODE_NONE;

absl::StatusOr<Execution> Send(Clients& clients, const std::string& id, const std::string& name,
                               const std::string& text, const std::string& dedupe_id = "") {
  workflow::v1::SignalExecutionRequest request;
  request.set_id(id);
  request.set_name(name);
  request.mutable_payload()->set_string_value(text);
  request.set_dedupe_id(dedupe_id);
  return clients.Call(&ExecutionService::Stub::SignalExecution, clients.executions(), request);
}

absl::StatusOr<json> Query(Clients& clients, const std::string& id, const std::string& name = "") {
  workflow::v1::QueryExecutionRequest request;
  request.set_id(id);
  request.set_name(name);
  auto response =
      clients.Call(&ExecutionService::Stub::QueryExecution, clients.executions(), request);
  if (!response.ok()) return response.status();
  return ToJson(response->result());
}

json WithProgress(json node, const std::string& status, int percent) {
  node["progress"] = {{"status", status}, {"percent", percent}};
  return node;
}

std::string PublishApproval(Clients& clients) {
  json definition = Chain(
      {WithProgress(WebhookTrigger("approve"), "received", 10),
       WithProgress(Node("ask", "wait_for_signal", {{"signal", "approval"}, {"timeout", "1h"}}),
                    "waiting_for_approval", 50),
       Node("r", "response", {{"template", {{"by", "{{input}}"}}}})});
  definition["settings"]["queries"]["who"] = {{"by", "{{nodes.ask.output}}"},
                                              {"how_far", "{{execution.progress.percent}}"}};
  return Publish(clients, definition);
}

TEST_CASE("an approval: the execution waits, says so, and goes on with the signal") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Must(Start(clients, PublishApproval(clients), {}, WAIT_MODE_NONE)).id();
  Execution waiting = Must(Get(clients, id));
  CHECK(waiting.progress().status() == "waiting_for_approval");
  CHECK(waiting.progress().percent() == 50);
  json state = Must(Query(clients, id));
  CHECK(state["state"] == "RUNNING");
  CHECK(state["nodes"]["ask"] == "WAITING");
  CHECK(Must(Query(clients, id, "who")) == json{{"by", nullptr}, {"how_far", 50}});

  CHECK(Send(clients, id, "approval", "ann", "a-1").ok());
  Execution ended = Must(AwaitEnd(clients, id));
  CHECK(ended.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(ToJson(ended.result()) == json{{"by", "ann"}});
  // Queries work on what is over, and signals do not.
  CHECK(Must(Query(clients, id, "who")) == json{{"by", "ann"}, {"how_far", 100}});
  CHECK(Must(Get(clients, id)).progress().status() == "completed");
  CHECK(absl::IsFailedPrecondition(Send(clients, id, "approval", "bob").status()));
}

TEST_CASE("bad signals and queries are refused with the field or the reason, and change nothing") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Must(Start(clients, PublishApproval(clients), {}, WAIT_MODE_NONE)).id();
  CHECK(absl::IsInvalidArgument(Send(clients, id, "", "x").status()));
  CHECK(absl::IsInvalidArgument(Send(clients, id, std::string(101, 'a'), "x").status()));
  CHECK(absl::IsInvalidArgument(Send(clients, "no-id", "approval", "x").status()));
  CHECK(absl::IsFailedPrecondition(Send(clients, id, "aproval", "x").status()));
  CHECK(absl::IsNotFound(Query(clients, id, "whom").status()));
  auto other = Must(SharedDeployment().NewCaller("platform", "owner"));
  CHECK(absl::IsNotFound(Send(*other, id, "approval", "x").status()));
  CHECK(absl::IsNotFound(Query(*other, id).status()));
  CHECK(Must(Query(clients, id))["nodes"]["ask"] == "WAITING");
  CHECK(Must(Send(clients, id, "cancel", "enough")).state() ==
        workflow::v1::EXECUTION_STATE_CANCELLED);
  CHECK(Must(Get(clients, id)).error().message() == "enough");
}

TEST_CASE("signals survive a crash of the engine, each received once and in order") {
  auto penstock = Must(Deployment::Start());
  Clients& clients = penstock->clients();
  std::vector<json> nodes = {WebhookTrigger("many")};
  constexpr int kSignals = 20;
  for (int i = 0; i < kSignals; ++i) {
    nodes.push_back(Node("s" + std::to_string(i), "wait_for_signal", {{"signal", "step"}}));
  }
  std::string id = Must(Start(clients, Publish(clients, Chain(nodes)), {}, WAIT_MODE_NONE)).id();
  for (int i = 0; i < kSignals; ++i) {
    const std::string text = std::to_string(i);
    if (i % 5 == 2) penstock->engine().Kill();
    if (i % 5 == 2) Must(penstock->engine().Start());
    // Sent until it is acknowledged: the id makes it one.
    while (true) {
      absl::Status sent = Send(clients, id, "step", text, "step-" + text).status();
      // The last may have ended the execution and its answer been lost.
      if (sent.ok() || absl::IsFailedPrecondition(sent)) break;
      REQUIRE(absl::IsUnavailable(sent));
    }
  }
  Execution ended = Must(AwaitEnd(clients, id));
  CHECK(ended.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  REQUIRE(ended.node_executions_size() == kSignals + 1);
  for (int i = 0; i < kSignals; ++i) {
    CHECK(ended.node_executions(i + 1).output().string_value() == std::to_string(i));
  }
}

}  // namespace
}  // namespace penstock::e2e
