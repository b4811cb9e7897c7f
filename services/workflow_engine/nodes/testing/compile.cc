#include "services/workflow_engine/nodes/testing/compile.h"

#include <utility>

#include "fmt/format.h"
#include "libs/json/schema.h"

namespace penstock::workflow_engine {
namespace {

struct Describer {
  std::string operator()(const Complete& complete) const {
    return fmt::format("Complete {}{}{}", complete.output, complete.branch.empty() ? "" : " -> ",
                       complete.branch);
  }
  std::string operator()(const Fail& fail) const {
    return fmt::format("Fail {}{}", fail.error.type, fail.error.retryable ? " retryable" : "");
  }
  std::string operator()(const Stop& stop) const { return "Stop " + stop.output; }
  std::string operator()(const Evaluate& evaluate) const {
    std::string text = "Evaluate";
    for (size_t i = 0; i < evaluate.arguments.size(); ++i) {
      text += fmt::format(" {}={}", evaluate.script->parameters()[i], evaluate.arguments[i]);
    }
    return text;
  }
  std::string operator()(const PerformHttp& http) const {
    std::string text = fmt::format("{} {}", http.method, http.url);
    for (const auto& [name, value] : http.headers) text += fmt::format("\n{}: {}", name, value);
    return text + (http.body.empty() ? "" : "\n\n" + http.body);
  }
  std::string operator()(const AwaitSignal& await) const {
    if (!await.until) return "AwaitSignal " + await.name;
    return fmt::format("AwaitSignal {} until {}", await.name, absl::FormatTime(absl::RFC3339_full, *await.until, absl::UTCTimeZone()));
  }
  std::string operator()(const CallService& call) const {
    return fmt::format("CallService {} {} {} {}", call.service, call.step, call.input, call.idempotency_key);
  }
  std::string operator()(const WaitUntil& wait) const {
    return "WaitUntil " + absl::FormatTime(absl::RFC3339_full, wait.at, absl::UTCTimeZone());
  }
};

}  // namespace

std::string CompiledNode::Written() const {
  std::string text;
  for (const Problem& problem : problems) {
    text += fmt::format("{}: {}\n", problem.field, problem.description);
  }
  return text;
}

CompiledNode CompileNode(const NodeType& type, const Json& config) {
  CompiledNode node;
  node.definition.id = "node";
  node.definition.type = std::string(type.name());
  node.definition.config = config;
  const json::Schema schema = json::Schema::Create(type.config_schema()).value();
  for (const json::SchemaViolation& violation : schema.Validate(config)) {
    node.problems.push_back(
        {"node", fmt::format("config{}{}", violation.path.empty() ? "" : ".", violation.path),
         violation.description});
  }
  if (!node.problems.empty()) return node;
  node.program = type.Compile(node.definition, node.problems);
  if (!node.problems.empty()) node.program = nullptr;
  return node;
}

CompiledNode CompileNode(const NodeType& type, const char* config) {
  return CompileNode(type, Json::parse(config));
}

std::string Describe(const Step& step) { return std::visit(Describer(), step); }

sandbox::Outcome Value(std::string json) {
  sandbox::Outcome outcome;
  outcome.kind = sandbox::OutcomeKind::kValue;
  outcome.value_json = std::move(json);
  return outcome;
}

sandbox::Outcome Threw(std::string name, std::string message) {
  sandbox::Outcome outcome;
  outcome.kind = sandbox::OutcomeKind::kThrew;
  outcome.error_name = std::move(name);
  outcome.error_message = std::move(message);
  return outcome;
}

}  // namespace penstock::workflow_engine
