// Starting, waiting for, watching and steering executions over gRPC.
#include <catch2/catch.hpp>
#include <set>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/e2e/workbench.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;
using workflow::v1::WAIT_MODE_COMPLETED;
using workflow::v1::WAIT_MODE_NONE;
using workflow::v1::WAIT_MODE_RESPONSE;

json Function(const std::string& id, const std::string& code) {
  return Node(id, "function", {{"code", code}});
}

json WaitNode(const std::string& duration) {
  return Node("wait", "wait", {{"duration", duration}});
}

absl::StatusOr<Execution> Control(const std::string& what, const std::string& id) {
  Clients& clients = SharedDeployment().clients();
  if (what == "pause") {
    workflow::v1::PauseExecutionRequest request;
    request.set_id(id);
    return clients.Call(&ExecutionService::Stub::PauseExecution, clients.executions(), request);
  }
  if (what == "resume") {
    workflow::v1::ResumeExecutionRequest request;
    request.set_id(id);
    return clients.Call(&ExecutionService::Stub::ResumeExecution, clients.executions(), request);
  }
  if (what == "terminate") {
    workflow::v1::TerminateExecutionRequest request;
    request.set_id(id);
    request.set_reason("at once");
    return clients.Call(&ExecutionService::Stub::TerminateExecution, clients.executions(), request);
  }
  workflow::v1::CancelExecutionRequest request;
  request.set_id(id);
  request.set_reason("no longer wanted");
  return clients.Call(&ExecutionService::Stub::CancelExecution, clients.executions(), request);
}

TEST_CASE("a thousand concurrent starts with one key start one execution") {
  Clients& clients = SharedDeployment().clients();
  std::string workflow_id =
      Publish(clients, Chain({WebhookTrigger("keyed"), Function("f", "return 1;")}));
  struct Call {
    grpc::ClientContext context;
    Execution response;
    grpc::Status status;
  };
  constexpr int kCalls = 1000;
  workflow::v1::StartExecutionRequest request;
  request.set_workflow_id(workflow_id);
  request.set_idempotency_key("order-4711");
  request.set_wait_mode(WAIT_MODE_NONE);
  std::vector<std::unique_ptr<Call>> calls;
  absl::BlockingCounter open(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    calls.push_back(std::make_unique<Call>());
    Call* call = calls.back().get();
    clients.Prepare(call->context, absl::Seconds(60));
    clients.executions().async()->StartExecution(&call->context, &request, &call->response,
                                                 [call, &open](grpc::Status status) {
                                                   call->status = status;
                                                   open.DecrementCount();
                                                 });
  }
  open.Wait();

  std::set<std::string> ids;
  int answered = 0;
  for (const auto& call : calls) {
    if (call->status.ok()) {
      ++answered;
      ids.insert(call->response.id());
    } else {
      // Shedding load is allowed; a wrong answer is not.
      CHECK(call->status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    }
  }
  CHECK(answered > 0);
  CHECK(ids.size() == 1);
  workflow::v1::ListExecutionsRequest list;
  list.set_workflow_id(workflow_id);
  CHECK(Must(clients.Call(&ExecutionService::Stub::ListExecutions, clients.executions(), list))
            .executions_size() == 1);
}

TEST_CASE("the same key for something else is an error") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Publish(clients, Chain({WebhookTrigger("keyed-twice")}));
  Must(Start(clients, id, {{"n", 1}}, WAIT_MODE_COMPLETED, "key"));
  absl::Status refused = Start(clients, id, {{"n", 2}}, WAIT_MODE_COMPLETED, "key").status();
  INFO(refused.ToString());
  CHECK((absl::IsAlreadyExists(refused) || absl::IsInvalidArgument(refused) ||
         absl::IsFailedPrecondition(refused)));
}

TEST_CASE("the wait mode says when a start answers") {
  Clients& clients = SharedDeployment().clients();
  std::string id = Publish(
      clients,
      Chain({WebhookTrigger("modes"), Function("f", "return { n: input.data.n * 2 };"),
             Node("respond", "response", {{"template", "n is {{n}}"}}), WaitNode("300ms")}));
  Execution none = Must(Start(clients, id, {{"n", 1}}, WAIT_MODE_NONE));
  CHECK(none.state() != workflow::v1::EXECUTION_STATE_COMPLETED);

  Execution response = Must(Start(clients, id, {{"n", 2}}, WAIT_MODE_RESPONSE));
  CHECK(response.result().string_value() == "n is 4");
  CHECK(response.state() == workflow::v1::EXECUTION_STATE_RUNNING);

  Execution completed = Must(Start(clients, id, {{"n", 3}}, WAIT_MODE_COMPLETED));
  CHECK(completed.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(completed.result().string_value() == "n is 6");
}

TEST_CASE("a watch sees every node once and ends with the execution") {
  Clients& clients = SharedDeployment().clients();
  std::string id =
      Publish(clients, Chain({WebhookTrigger("watched"), Function("before", "return 1;"),
                              WaitNode("300ms"), Function("after", "return 2;")}));
  Execution execution = Must(Start(clients, id, {}, WAIT_MODE_NONE));
  workflow::v1::WatchExecutionRequest request;
  request.set_id(execution.id());

  // The first watch is left in the middle; the second goes on from its token.
  std::multiset<std::string> completed;
  auto watch = [&](bool leave_early) {
    grpc::ClientContext context;
    clients.Prepare(context);
    auto stream = clients.executions().WatchExecution(&context, request);
    Execution last;
    for (workflow::v1::WatchExecutionResponse change; stream->Read(&change);) {
      request.set_resume_token(change.resume_token());
      if (change.has_execution()) last = change.execution();
      if (!change.has_node_execution()) continue;
      if (change.node_execution().state() == workflow::v1::NODE_STATE_COMPLETED) {
        completed.insert(change.node_execution().node_id());
      }
      if (leave_early && change.node_execution().node_id() == "before") {
        context.TryCancel();
        break;
      }
    }
    grpc::Status status = stream->Finish();
    CHECK((leave_early || status.ok()));
    return last;
  };
  watch(/*leave_early=*/true);
  Execution last = watch(/*leave_early=*/false);
  CHECK(last.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(completed == std::multiset<std::string>{"trigger", "before", "wait", "after"});
}

TEST_CASE("a cancelled execution stays cancelled and nothing of it stays open") {
  Clients& clients = SharedDeployment().clients();
  std::string id =
      Publish(clients,
              Chain({WebhookTrigger("cancelled"), WaitNode("1h"), Function("after", "return 1;")}));
  Execution execution = Must(Start(clients, id, {}, WAIT_MODE_NONE));
  Execution cancelled = Must(Control("cancel", execution.id()));
  CHECK(cancelled.state() == workflow::v1::EXECUTION_STATE_CANCELLED);
  Execution stored = Must(Get(clients, execution.id()));
  CHECK(stored.state() == workflow::v1::EXECUTION_STATE_CANCELLED);
  CHECK(stored.error().message().find("no longer wanted") != std::string::npos);
  for (const auto& node : stored.node_executions()) {
    CHECK(node.state() != workflow::v1::NODE_STATE_WAITING);
    CHECK(node.state() != workflow::v1::NODE_STATE_RUNNING);
    CHECK(node.node_id() != "after");
  }
  // Ending twice is no new end.
  absl::StatusOr<Execution> again = Control("cancel", execution.id());
  CHECK((absl::IsFailedPrecondition(again.status()) ||
         (again.ok() && again->state() == workflow::v1::EXECUTION_STATE_CANCELLED)));
}

TEST_CASE("a terminated execution is over at once, undoes nothing and keeps the reason") {
  Clients& clients = SharedDeployment().clients();
  json reserve = Function("reserve", "return 1;");
  reserve["compensateWith"] = "release";
  json definition = Chain({WebhookTrigger("terminated"), reserve, WaitNode("1h")});
  definition["nodes"].push_back(Function("release", "return 1;"));
  Execution execution =
      Must(Start(clients, Publish(clients, definition), {}, WAIT_MODE_NONE));
  Execution terminated = Must(Control("terminate", execution.id()));
  CHECK(terminated.state() == workflow::v1::EXECUTION_STATE_TERMINATED);
  Execution stored = Must(Get(clients, execution.id()));
  CHECK(stored.state() == workflow::v1::EXECUTION_STATE_TERMINATED);
  CHECK(stored.has_end_time());
  CHECK(stored.error().type() == "TERMINATED");
  CHECK(stored.error().message() == "at once");
  for (const auto& node : stored.node_executions()) {
    CHECK(node.state() != workflow::v1::NODE_STATE_WAITING);
    CHECK(node.node_id() != "release");
  }
  CHECK(Must(Control("terminate", execution.id())).state() ==
        workflow::v1::EXECUTION_STATE_TERMINATED);
  CHECK(absl::IsFailedPrecondition(Control("cancel", execution.id()).status()));
  workflow::v1::ListExecutionsRequest list;
  list.set_state(workflow::v1::EXECUTION_STATE_TERMINATED);
  list.set_workflow_id(execution.workflow_id());
  CHECK(Must(clients.Call(&ExecutionService::Stub::ListExecutions, clients.executions(), list))
            .executions_size() == 1);
}

TEST_CASE("a paused execution starts nothing new until it is resumed") {
  Clients& clients = SharedDeployment().clients();
  std::string id =
      Publish(clients,
              Chain({WebhookTrigger("paused"), WaitNode("200ms"), Function("after", "return 1;")}));
  Execution execution = Must(Start(clients, id, {}, WAIT_MODE_NONE));
  CHECK(Must(Control("pause", execution.id())).state() == workflow::v1::EXECUTION_STATE_PAUSED);

  // A later start passes through its own, equally long wait meanwhile, so the paused one has been
  // due for as long.
  Must(Start(clients, id, {}, WAIT_MODE_COMPLETED));
  Execution held = Must(Get(clients, execution.id()));
  CHECK(held.state() == workflow::v1::EXECUTION_STATE_PAUSED);
  for (const auto& node : held.node_executions()) CHECK(node.node_id() != "after");

  Must(Control("resume", execution.id()));
  CHECK(Must(AwaitEnd(clients, execution.id())).state() == workflow::v1::EXECUTION_STATE_COMPLETED);
}

TEST_CASE("a failing node is tried again as its policy says and then fails the execution") {
  Clients& clients = SharedDeployment().clients();
  json node = Function("boom", "throw new TypeError('always');");
  node["retry"] = {{"maximumAttempts", 3}, {"initialIntervalSeconds", 0.05}, {"jitter", 0}};
  std::string id = Publish(clients, Chain({WebhookTrigger("failing"), node}));
  Execution execution = Must(Start(clients, id, {}, WAIT_MODE_COMPLETED));
  CHECK(execution.state() == workflow::v1::EXECUTION_STATE_FAILED);
  CHECK(execution.error().node_id() == "boom");
  CHECK(execution.error().type() == "TypeError");
  std::multiset<int> attempts;
  Execution stored = Must(Get(clients, execution.id()));
  for (const auto& attempt : stored.node_executions()) {
    if (attempt.node_id() == "boom") attempts.insert(attempt.attempt());
  }
  CHECK(attempts == std::multiset<int>{1, 2, 3});
}

TEST_CASE("a failed execution undoes what completed, the latest first, and keeps its first error") {
  Clients& clients = SharedDeployment().clients();
  json reserve = Function("reserve", "return { seat: input.data.seat };");
  json charge = Function("charge", "return { charge: 'c-1' };");
  reserve["compensateWith"] = "release";
  charge["compensateWith"] = "refund";
  json definition = Chain({WebhookTrigger("saga"), reserve, charge,
                           Function("ship", "throw new RangeError('no ship');")});
  definition["nodes"].push_back(Function("release", "return 'released ' + input.output.seat;"));
  definition["nodes"].push_back(Function(
      "refund", "return 'refunded ' + input.output.charge + ' after ' + input.error.type;"));
  Execution execution =
      Must(Start(clients, Publish(clients, definition), {{"seat", "12A"}}, WAIT_MODE_COMPLETED));
  CHECK(execution.state() == workflow::v1::EXECUTION_STATE_FAILED);
  CHECK(execution.error().node_id() == "ship");
  Execution stored = Must(Get(clients, execution.id()));
  REQUIRE(stored.node_executions_size() == 6);
  CHECK(stored.node_executions(4).node_id() == "refund");
  CHECK(stored.node_executions(4).output().string_value() == "refunded c-1 after RangeError");
  CHECK(stored.node_executions(5).node_id() == "release");
  CHECK(stored.node_executions(5).output().string_value() == "released 12A");
}

TEST_CASE("branches run side by side and a join waits for all") {
  Clients& clients = SharedDeployment().clients();
  json definition = {
      {"nodes",
       {WebhookTrigger("fan"), Function("left", "return { l: input.data.n };"),
        Function("right", "return { r: input.data.n };"), Node("join", "join", {{"mode", "all"}})}},
      {"edges",
       {Edge("trigger", "left"), Edge("trigger", "right"), Edge("left", "join"),
        Edge("right", "join")}}};
  Execution execution =
      Must(Start(clients, Publish(clients, definition), {{"n", 7}}, WAIT_MODE_COMPLETED));
  CHECK(execution.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  json result = ToJson(execution.result());
  CHECK(result == json{{"left", {{"l", 7}}}, {"right", {{"r", 7}}}});
}

TEST_CASE("code that never ends costs one node and not the engine") {
  Clients& clients = SharedDeployment().clients();
  json node = Function("spin", "while (true) {}");
  node["timeoutSeconds"] = 1;
  node["retry"] = {{"maximumAttempts", 1}};
  std::string spinning = Publish(clients, Chain({WebhookTrigger("spinning"), node}));
  std::string quick =
      Publish(clients, Chain({WebhookTrigger("quick"), Function("f", "return 1;")}));
  Execution execution = Must(Start(clients, spinning, {}, WAIT_MODE_COMPLETED));
  CHECK(execution.state() == workflow::v1::EXECUTION_STATE_FAILED);
  CHECK(execution.error().node_id() == "spin");
  CHECK(Must(Start(clients, quick, {}, WAIT_MODE_COMPLETED)).state() ==
        workflow::v1::EXECUTION_STATE_COMPLETED);
}

}  // namespace
}  // namespace penstock::e2e
