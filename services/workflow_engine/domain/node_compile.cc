#include "services/workflow_engine/domain/node_compile.h"

#include <utility>

#include "fmt/format.h"
#include "services/workflow_engine/domain/node_check.h"

namespace penstock::workflow_engine {
namespace {

std::string NamesOf(const NodeTypes& types) {
  std::string names;
  for (const auto& type : types.all()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", type->name());
  }
  return names;
}

// False when config does not match.
bool MatchesSchema(const NodeDefinition& definition, const std::string& field,
                   const json::Schema& schema, std::vector<Problem>& problems) {
  const std::vector<json::SchemaViolation> violations = schema.Validate(definition.config);
  for (const json::SchemaViolation& violation : violations) {
    problems.push_back(
        {definition.id,
         fmt::format("{}.config{}{}", field, violation.path.empty() ? "" : ".", violation.path),
         violation.description});
  }
  return violations.empty();
}

}  // namespace

GraphNode CompileNode(const NodeDefinition& definition, const std::string& field,
                      const NodeTypes& types, std::vector<Problem>& problems) {
  GraphNode node;
  node.definition = definition;
  const bool readable = CheckNode(definition, field, problems);
  node.type = types.Find(definition.type);
  if (node.type == nullptr) {
    problems.push_back(
        {definition.id, field + ".type",
         fmt::format("unknown node type \"{}\"; one of: {}", definition.type, NamesOf(types))});
    return node;
  }
  if (!readable || !MatchesSchema(definition, field, types.SchemaOf(*node.type), problems)) {
    return node;
  }
  std::vector<Problem> found;
  node.program = node.type->Compile(definition, found);
  for (Problem& problem : found) {
    problems.push_back({definition.id, fmt::format("{}.{}", field, problem.field),
                        std::move(problem.description)});
  }
  const RetryPolicy by_default = node.type->default_retry();
  node.retry = definition.retry.value_or(by_default);
  if (node.retry.maximum_attempts == 0) node.retry.maximum_attempts = by_default.maximum_attempts;
  node.timeout =
      definition.timeout > absl::ZeroDuration() ? definition.timeout : node.type->default_timeout();
  node.readiness = node.type->readiness(definition);
  return node;
}

}  // namespace penstock::workflow_engine
