#include "services/workflow_engine/domain/definition_json.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "services/workflow_engine/domain/json_reader.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::array<std::pair<std::string_view, OnError>, 4> kOnErrorNames = {{
    {"fail", OnError::kFail},
    {"continue", OnError::kContinue},
    {"error_edge", OnError::kErrorEdge},
    {"pause", OnError::kPause},
}};

class Parser {
 public:
  explicit Parser(std::vector<Problem>& problems) : problems_(problems) {}

  Definition Parse(const DefinitionText& text) {
    Definition definition;
    for (const Json& node : ParseList(text.nodes, "nodes")) {
      definition.nodes.push_back(
          ParseNode(node, fmt::format("nodes[{}]", definition.nodes.size())));
    }
    for (const Json& edge : ParseList(text.edges, "edges")) {
      definition.edges.push_back(
          ParseEdge(edge, fmt::format("edges[{}]", definition.edges.size())));
    }
    definition.variables = ParseObject(text.variables, "variables");
    const Json settings = ParseObject(text.settings, "settings");
    JsonReader reader(settings, "", "settings", problems_);
    reader.ReadSeconds("timeout_seconds", definition.timeout);
    if (const Json* queries = reader.FindObject("queries")) definition.queries = *queries;
    return definition;
  }

 private:
  Json ParseList(const std::string& text, std::string_view field) {
    Json list = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (list.is_array()) return list;
    problems_.push_back({"", std::string(field), "must be an array"});
    return Json::array();
  }

  Json ParseObject(const std::string& text, std::string_view field) {
    Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (object.is_object()) return object;
    problems_.push_back({"", std::string(field), "must be an object"});
    return Json::object();
  }

  NodeDefinition ParseNode(const Json& json, const std::string& field) {
    NodeDefinition node;
    if (!json.is_object()) {
      problems_.push_back({"", field, "must be an object"});
      return node;
    }
    // First, since problems of the other members name it.
    JsonReader(json, "", field, problems_).Read("id", node.id);
    JsonReader reader(json, node.id, field, problems_);
    reader.Read("name", node.name);
    reader.Read("type", node.type);
    if (const Json* config = reader.FindObject("config")) node.config = *config;
    if (const Json* retry = reader.FindObject("retry")) {
      node.retry = ParseRetry(*retry, node.id, field + ".retry");
    }
    reader.ReadSeconds("timeout_seconds", node.timeout);
    ParseOnError(reader, node.on_error);
    reader.Read("compensate_with", node.compensate_with);
    if (const Json* progress = reader.FindObject("progress")) {
      node.progress = ParseProgress(*progress, node.id, field + ".progress");
    }
    reader.FindObject("position");
    return node;
  }

  void ParseOnError(JsonReader& reader, OnError& on_error) {
    std::string name;
    reader.Read("on_error", name);
    if (name.empty()) return;
    const auto* known =
        std::ranges::find(kOnErrorNames, name, [](const auto& entry) { return entry.first; });
    if (known == kOnErrorNames.end()) {
      return reader.AddProblem("on_error",
                               "must be \"fail\", \"continue\", \"error_edge\" or \"pause\"");
    }
    on_error = known->second;
  }

  Progress ParseProgress(const Json& json, const std::string& node_id, std::string field) {
    Progress progress;
    JsonReader reader(json, node_id, std::move(field), problems_);
    reader.Read("status", progress.status);
    reader.Read("percent", progress.percent);
    return progress;
  }

  RetryPolicy ParseRetry(const Json& json, const std::string& node_id, std::string field) {
    RetryPolicy retry;
    retry.maximum_attempts = 0;  // the type's default, unless it says more
    JsonReader reader(json, node_id, std::move(field), problems_);
    reader.ReadSeconds("initial_interval_seconds", retry.initial_interval);
    reader.Read("backoff_coefficient", retry.backoff_coefficient);
    reader.ReadSeconds("maximum_interval_seconds", retry.maximum_interval);
    reader.Read("maximum_attempts", retry.maximum_attempts);
    reader.Read("jitter", retry.jitter);
    reader.Read("non_retryable_error_types", retry.non_retryable_error_types);
    reader.ReadSeconds("maximum_elapsed_seconds", retry.maximum_elapsed);
    return retry;
  }

  EdgeDefinition ParseEdge(const Json& json, const std::string& field) {
    EdgeDefinition edge;
    if (!json.is_object()) {
      problems_.push_back({"", field, "must be an object"});
      return edge;
    }
    JsonReader reader(json, "", field, problems_);
    reader.Read("source", edge.source);
    reader.Read("target", edge.target);
    reader.Read("condition", edge.condition);
    reader.Read("label", edge.label);
    return edge;
  }

  std::vector<Problem>& problems_;
};

}  // namespace

Definition ParseDefinition(const DefinitionText& text, std::vector<Problem>& problems) {
  return Parser(problems).Parse(text);
}

}  // namespace penstock::workflow_engine
