#include "services/workflow_engine/rpc/convert_definition.h"

#include <cmath>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;

// Writes the members that are set, under their names in the proto.
class Writer {
 public:
  explicit Writer(std::vector<FieldViolation>& violations) : violations_(violations) {}

  Json Node(const v1::Node& node, const std::string& field) {
    Json json = Json::object();
    Put(json, "id", node.id(), field);
    Put(json, "name", node.name(), field);
    Put(json, "type", node.type(), field);
    if (node.has_config()) json["config"] = Struct(node.config(), field + ".config");
    if (node.has_retry()) json["retry"] = Retry(node.retry(), field + ".retry");
    Put(json, "timeout_seconds", node.timeout_seconds(), field);
    Put(json, "on_error", node.on_error(), field);
    Put(json, "compensate_with", node.compensate_with(), field);
    if (node.has_progress()) json["progress"] = {{"status", node.progress().status()}, {"percent", node.progress().percent()}};
    if (node.has_position()) json["position"] = Struct(node.position(), field + ".position");
    return json;
  }

  Json Edge(const v1::Edge& edge, const std::string& field) {
    Json json = Json::object();
    Put(json, "source", edge.source(), field);
    Put(json, "target", edge.target(), field);
    Put(json, "condition", edge.condition(), field);
    Put(json, "label", edge.label(), field);
    return json;
  }

  Json Settings(const v1::Settings& settings, const std::string& field) {
    Json json = Json::object();
    Put(json, "timeout_seconds", settings.timeout_seconds(), field);
    if (settings.has_queries()) json["queries"] = Struct(settings.queries(), field + ".queries");
    return json;
  }

  Json Struct(const google::protobuf::Struct& value, const std::string& field) {
    const absl::StatusOr<std::string> text = json::FromProto(value);
    if (text.ok()) return Json::parse(*text);
    violations_.push_back({field, std::string(text.status().message())});
    return Json::object();
  }

 private:
  Json Retry(const v1::RetryPolicy& retry, const std::string& field) {
    Json json = Json::object();
    Put(json, "initial_interval_seconds", retry.initial_interval_seconds(), field);
    Put(json, "backoff_coefficient", retry.backoff_coefficient(), field);
    Put(json, "maximum_interval_seconds", retry.maximum_interval_seconds(), field);
    if (retry.maximum_attempts() != 0) json["maximum_attempts"] = retry.maximum_attempts();
    // Zero is a choice of its own here.
    if (retry.has_jitter()) PutNumber(json, "jitter", retry.jitter(), field);
    if (retry.non_retryable_error_types_size() > 0) {
      Json types = Json::array();
      for (const std::string& type : retry.non_retryable_error_types()) types.push_back(type);
      json["non_retryable_error_types"] = std::move(types);
    }
    Put(json, "maximum_elapsed_seconds", retry.maximum_elapsed_seconds(), field);
    return json;
  }

  void Put(Json& json, const char* name, const std::string& text, const std::string&) {
    if (!text.empty()) json[name] = text;
  }
  void Put(Json& json, const char* name, double number, const std::string& field) {
    if (number != 0) PutNumber(json, name, number, field);
  }
  void PutNumber(Json& json, const char* name, double number, const std::string& field) {
    if (std::isfinite(number)) {
      json[name] = number;
    } else {
      violations_.push_back({fmt::format("{}.{}", field, name), "must be a finite number"});
    }
  }

  std::vector<FieldViolation>& violations_;
};

// Text that is not UTF-8 becomes text that no parser takes, and is refused where drafts are
// checked: nothing is silently mended.
std::string Text(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::type_error&) {
    return "\xff";
  }
}

}  // namespace

absl::StatusOr<DefinitionText> FromProto(const v1::Definition& definition,
                                         const std::string& field) {
  std::vector<FieldViolation> violations;
  Writer writer(violations);
  Json nodes = Json::array();
  for (const v1::Node& node : definition.nodes()) {
    nodes.push_back(writer.Node(node, fmt::format("{}.nodes[{}]", field, nodes.size())));
  }
  Json edges = Json::array();
  for (const v1::Edge& edge : definition.edges()) {
    edges.push_back(writer.Edge(edge, fmt::format("{}.edges[{}]", field, edges.size())));
  }
  DefinitionText text{
      .nodes = Text(nodes),
      .edges = Text(edges),
      .variables = Text(writer.Struct(definition.variables(), field + ".variables")),
      .settings = Text(writer.Settings(definition.settings(), field + ".settings"))};
  if (!violations.empty()) return BadRequest(violations);
  return text;
}

absl::Status ToProto(const DefinitionText& text, v1::Definition& definition) {
  const std::string json = fmt::format(R"({{"nodes":{},"edges":{},"variables":{},"settings":{}}})",
                                       text.nodes, text.edges, text.variables, text.settings);
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &definition, options);
  if (parsed.ok()) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("a stored definition is no definition: {}", parsed.ToString()));
}

}  // namespace penstock::workflow_engine
