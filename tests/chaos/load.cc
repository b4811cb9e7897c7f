#include "tests/chaos/load.h"

#include <random>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "tests/harness/http.h"

namespace penstock::chaos {
namespace {

using nlohmann::json;
using workflow::v1::ExecutionService;

// While a service is away callers try again this often.
constexpr absl::Duration kBetweenAttempts = absl::Milliseconds(5);

json Node(const std::string& id, const std::string& type, json config) {
  json node = {{"id", id}, {"name", id}, {"type", type}, {"config", std::move(config)}};
  // A killed sandbox costs an attempt; with these in hand it never costs an execution.
  if (type == "function") {
    node["retry"] = {
        {"maximumAttempts", 50}, {"initialIntervalSeconds", 0.02}, {"backoffCoefficient", 1}};
  }
  return node;
}

json Function(const std::string& id) {
  return Node(id, "function", {{"code", "return { result: JSON.stringify(input).length };"}});
}

// Three attempts that all fail, and an execution that goes on all the same.
json AlwaysFailing() {
  json node = Node("failing", "function", {{"code", "throw new Error('as always');"}});
  node["retry"] = {{"maximumAttempts", 3}, {"initialIntervalSeconds", 0.05}};
  node["onError"] = "continue";
  return node;
}

std::string Chain(const std::string& action, const std::string& respond,
                  const std::vector<json>& behind) {
  std::vector<json> nodes = {
      Node("trigger", "trigger",
           {{"triggerType", "webhook"}, {"actionType", action}, {"respond", respond}})};
  nodes.insert(nodes.end(), behind.begin(), behind.end());
  json edges = json::array();
  for (size_t i = 1; i < nodes.size(); ++i) {
    edges.push_back({{"source", nodes[i - 1]["id"]}, {"target", nodes[i]["id"]}});
  }
  return json{{"name", "chaos " + action}, {"definition", {{"nodes", nodes}, {"edges", edges}}}}
      .dump();
}

absl::StatusOr<std::string> Publish(harness::Deployment& deployment, const std::string& json) {
  ASSIGN_OR_RETURN(workflow::v1::Workflow workflow, harness::ParseWorkflow(json));
  ASSIGN_OR_RETURN(workflow, harness::CreateAndPublish(deployment.clients(), workflow, ""));
  return workflow.id();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Load>> Load::Begin(harness::Deployment& deployment, uint32_t seed) {
  json respond = Node("respond", "response", {{"template", "{{result}}"}});
  json wait = Node("wait", "wait", {{"duration", "500ms"}});
  RETURN_IF_ERROR(Publish(deployment, Chain("now", "now", {Function("f"), respond})).status());
  RETURN_IF_ERROR(
      Publish(deployment, Chain("completed", "completed", {Function("f"), respond})).status());
  RETURN_IF_ERROR(
      Publish(deployment, Chain("waiting", "now", {Function("f"), wait, respond})).status());
  ASSIGN_OR_RETURN(std::string inlined,
                   Publish(deployment, Chain("inlined", "now", {Function("f"), Function("g")})));
  ASSIGN_OR_RETURN(
      std::string slow,
      Publish(deployment, Chain("slow", "now", {wait, AlwaysFailing(), Function("g")})));

  std::unique_ptr<Load> load(new Load(deployment, seed));
  Load* self = load.get();
  for (const char* action : {"now", "now", "completed", "completed", "waiting"}) {
    int caller = static_cast<int>(load->callers_.size());
    load->callers_.emplace_back([=] { self->PostWebhooks(action, caller); });
  }
  for (const std::string& id : {inlined, slow}) {
    load->callers_.emplace_back([=] { self->Repeat([=] { return self->StartOnce(id, "", 0); }); });
    int caller = static_cast<int>(load->callers_.size());
    load->callers_.emplace_back([=] { self->StartWithKeys(id, caller); });
  }
  return load;
}

void Load::End() {
  if (!over_.HasBeenNotified()) over_.Notify();
  for (std::thread& caller : callers_) caller.join();
  callers_.clear();
}

void Load::Repeat(std::function<bool()> call) {
  while (!over_.HasBeenNotified()) {
    if (call()) continue;
    acknowledged_.Refused();
    over_.WaitForNotificationWithTimeout(kBetweenAttempts);
  }
}

// Every delivery bears a token of its own, so that what became of it can be found, whatever the
// answer holds.
void Load::PostWebhooks(const std::string& action, int caller) {
  int number = 0;
  Repeat([&] {
    std::string token = fmt::format("caller-{}-delivery-{}", caller, ++number);
    absl::StatusOr<harness::HttpReply> reply = harness::PostJson(
        deployment_.WebhookUrl(action), fmt::format(R"({{"token":"{}"}})", token));
    if (!reply.ok() || reply->status != 200) return false;
    acknowledged_.Webhook(token);
    return true;
  });
}

bool Load::StartOnce(const std::string& workflow_id, const std::string& key, int engine) {
  harness::Clients& clients = deployment_.clients(engine);
  workflow::v1::StartExecutionRequest request;
  request.set_workflow_id(workflow_id);
  request.set_idempotency_key(key);
  request.mutable_input()->set_string_value(key);
  absl::StatusOr<workflow::v1::Execution> execution =
      clients.Call(&ExecutionService::Stub::StartExecution, clients.executions(), request);
  if (!execution.ok()) return false;
  acknowledged_.Start(execution->id(), key);
  return true;
}

// Keeps to a key until it was acknowledged, as a caller that wants its order placed once would;
// then, now and then, repeats it.
void Load::StartWithKeys(const std::string& workflow_id, int caller) {
  std::minstd_rand random(seed_ + caller);
  int number = 0;
  Repeat([&] {
    std::string key = fmt::format("caller-{}-order-{}", caller, number);
    if (!StartOnce(workflow_id, key, static_cast<int>(random() % deployment_.engines())))
      return false;
    if (random() % 4 != 0) ++number;
    return true;
  });
}

}  // namespace penstock::chaos
