#include "tests/bench/workflows.h"

#include "fmt/format.h"
#include "nlohmann/json.hpp"

namespace penstock::bench {
namespace {

using nlohmann::json;

json Node(const std::string& id, const std::string& type, json config) {
  return {{"id", id}, {"name", id}, {"type", type}, {"config", std::move(config)}};
}

json Edge(const std::string& source, const std::string& target) {
  return {{"source", source}, {"target", target}};
}

json Trigger(const std::string& action, const std::string& respond) {
  return Node("trigger", "trigger",
              {{"triggerType", "webhook"}, {"actionType", action}, {"respond", respond}});
}

std::string Workflow(const std::string& name, json nodes, json edges) {
  return json{{"name", name},
              {"definition", {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}}}}
      .dump();
}

}  // namespace

std::string WebhookFunctionResponse() {
  return Workflow(
      "bench W1",
      {Trigger("w1", "completed"),
       Node("process", "function",
            {{"code", "return { result: input.data.message + \" processed\" };"}}),
       Node("respond", "response", {{"template", "The processed result is: {{result}}"}})},
      {Edge("trigger", "process"), Edge("process", "respond")});
}

std::string FanOutAndJoin(int width) {
  json nodes = {Trigger("w2", "now"), Node("join", "join", {{"mode", "all"}})};
  json edges = json::array();
  for (int i = 0; i < width; ++i) {
    std::string id = fmt::format("step-{}", i);
    nodes.push_back(Node(id, "function", {{"code", "return { n: input.data.n + 1 };"}}));
    edges.push_back(Edge("trigger", id));
    edges.push_back(Edge(id, "join"));
  }
  return Workflow("bench W2", nodes, edges);
}

std::string Sequence(int length) {
  json nodes = {Trigger("w3", "now"),
                Node("step-1", "function", {{"code", "return { n: input.data.n + 1 };"}})};
  json edges = {Edge("trigger", "step-1")};
  for (int i = 2; i <= length; ++i) {
    std::string id = fmt::format("step-{}", i);
    nodes.push_back(Node(id, "function", {{"code", "return { n: input.n + 1 };"}}));
    edges.push_back(Edge(fmt::format("step-{}", i - 1), id));
  }
  return Workflow("bench W3", nodes, edges);
}

std::string Wait(const std::string& duration, const std::string& webhook_action) {
  return Workflow("bench wait " + duration,
                  {Trigger(webhook_action, "now"), Node("wait", "wait", {{"duration", duration}})},
                  json::array({Edge("trigger", "wait")}));
}

}  // namespace penstock::bench
