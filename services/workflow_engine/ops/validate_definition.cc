#include "services/workflow_engine/ops/validate_definition.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/draft_check.h"
#include "services/workflow_engine/ops/read_workflows.h"

namespace penstock::workflow_engine {
namespace {

// Whether `field` is `place` or something within it.
bool IsWithin(std::string_view field, std::string_view place) {
  return field.starts_with(place) &&
         (field.size() == place.size() || field[place.size()] == '.' || field[place.size()] == '[');
}

// What could not be read was taken for its default, and that the default is wrong too tells nobody
// anything.
void AddUnlessKnown(std::vector<Problem> more, std::vector<Problem>& problems) {
  const size_t known = problems.size();
  for (Problem& problem : more) {
    const bool told =
        std::any_of(problems.begin(), problems.begin() + static_cast<std::ptrdiff_t>(known),
                    [&](const Problem& other) { return IsWithin(problem.field, other.field); });
    if (!told) problems.push_back(std::move(problem));
  }
}

absl::Status CheckScripts(sandbox::Pool& sandbox, TenantId tenant, const Graph& graph,
                          std::vector<Problem>& problems) {
  for (const GraphScript& script : graph.scripts()) {
    const sandbox::Outcome outcome = sandbox.Evaluate({.tenant = tenant,
                                                       .script = script.script,
                                                       .arguments = {},
                                                       .limits = {},
                                                       .compile_only = true});
    if (outcome.kind == sandbox::OutcomeKind::kValue) continue;
    if (outcome.kind == sandbox::OutcomeKind::kUnavailable) {
      return WithRetryAfter(absl::UnavailableError("no sandbox is free to check JavaScript"),
                            absl::Seconds(1));
    }
    problems.push_back(
        {script.node_id, script.field,
         fmt::format("does not compile: {}{}{}", outcome.error_name,
                     outcome.error_name.empty() ? "" : ": ", outcome.error_message)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ValidatedDefinition> ValidateDefinition(const WorkflowContext& context,
                                                       TenantId tenant,
                                                       const DefinitionText& text) {
  RETURN_IF_ERROR(CheckDefinitionText(text, "definition"));
  ValidatedDefinition validated;
  const Definition definition = ParseDefinition(text, validated.problems);
  std::vector<Problem> of_graph;
  validated.graph = Graph::Compile(definition, context.types, of_graph, Strictness::kToPublish);
  AddUnlessKnown(std::move(of_graph), validated.problems);
  if (validated.graph != nullptr) {
    RETURN_IF_ERROR(CheckScripts(context.sandbox, tenant, *validated.graph, validated.problems));
  }
  if (!validated.problems.empty()) validated.graph = nullptr;
  return validated;
}

absl::StatusOr<ValidatedDefinition> ValidateWorkflow(const WorkflowContext& context,
                                                     const auth::CallContext& caller,
                                                     WorkflowId id) {
  ASSIGN_OR_RETURN(const Workflow workflow, GetWorkflow(context, caller, id));
  return ValidateDefinition(context, caller.tenant, workflow.draft.definition);
}

}  // namespace penstock::workflow_engine
