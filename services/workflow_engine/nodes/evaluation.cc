#include "services/workflow_engine/nodes/evaluation.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "libs/json/quote.h"

namespace penstock::workflow_engine {
namespace {

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string OutputsOf(const NodeContext& context) {
  std::string nodes = "{";
  for (const std::string& id : context.completed_nodes()) {
    const std::optional<std::string_view> output = context.output_of(id);
    if (!output) continue;
    if (nodes.size() > 1) nodes += ',';
    json::AppendQuoted(nodes, id);
    nodes += ":{\"output\":";
    nodes += *output;
    nodes += '}';
  }
  nodes += '}';
  return nodes;
}

}  // namespace

bool Mentions(std::string_view source, std::string_view name) {
  for (size_t at = source.find(name); at != source.npos; at = source.find(name, at + 1)) {
    const size_t end = at + name.size();
    if ((at == 0 || !IsNameCharacter(source[at - 1])) &&
        (end == source.size() || !IsNameCharacter(source[end]))) {
      return true;
    }
  }
  // An escaped letter can spell any name; rare enough to pay for it with every argument.
  return source.find("\\u") != source.npos;
}

ContextScript ContextScript::Create(sandbox::ScriptKind kind, std::string source,
                                    std::vector<std::string> more_parameters) {
  ContextScript result;
  std::vector<std::string> parameters = std::move(more_parameters);
  parameters.push_back("input");
  const auto wants = [&](const char* name) {
    const bool mentioned = Mentions(source, name);
    if (mentioned) parameters.push_back(name);
    return mentioned;
  };
  result.wants_nodes_ = wants("nodes");
  result.wants_variables_ = wants("variables");
  result.wants_trigger_ = wants("trigger");
  result.wants_execution_ = wants("execution");
  result.script_ = sandbox::Script::Create(kind, std::move(parameters), std::move(source));
  return result;
}

Evaluate ContextScript::Call(const NodeContext& context, std::vector<std::string> more,
                             const sandbox::Limits& limits) const {
  Evaluate evaluate{script_, std::move(more), limits};
  std::vector<std::string>& arguments = evaluate.arguments;
  arguments.reserve(script_->parameters().size());
  arguments.emplace_back(context.input());
  if (wants_nodes_) arguments.push_back(OutputsOf(context));
  if (wants_variables_) arguments.emplace_back(context.variables());
  if (wants_trigger_) arguments.emplace_back(context.trigger());
  if (wants_execution_) arguments.emplace_back(context.execution());
  return evaluate;
}

NodeError ErrorOf(const sandbox::Outcome& outcome, bool has_own_policy) {
  NodeError error;
  const bool thrown = outcome.kind == sandbox::OutcomeKind::kThrew;
  error.type = thrown && !outcome.error_name.empty()
                   ? outcome.error_name
                   : std::string(sandbox::OutcomeErrorType(outcome.kind));
  error.message = outcome.error_message;
  error.stack = outcome.error_stack;
  switch (outcome.kind) {
    case sandbox::OutcomeKind::kCrashed:
    case sandbox::OutcomeKind::kUnavailable:
      error.retryable = true;
      break;
    case sandbox::OutcomeKind::kThrew:
    case sandbox::OutcomeKind::kTimedOut:  // wall time also passes on a busy machine
      error.retryable = has_own_policy;
      break;
    default:
      error.retryable = false;
  }
  return error;
}

RetryPolicy SandboxRetry() {
  RetryPolicy policy;
  policy.maximum_attempts = 3;
  policy.initial_interval = absl::Milliseconds(100);
  return policy;
}

Fail UnexpectedResult() {
  return Fail{{"INTERNAL", "the node was given a result it did not ask for", "", false}};
}

}  // namespace penstock::workflow_engine
