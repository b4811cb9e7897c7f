#include "services/workflow_engine/nodes/condition/condition.h"

#include <string>

#include "fmt/format.h"
#include "services/workflow_engine/nodes/condition/schema.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"

namespace penstock::workflow_engine {
namespace {

class ConditionProgram final : public NodeProgram {
 public:
  // What is sent is "is it truthy", so that the answer is small whatever the expression yields. The line breaks keep a trailing
  // comment of the author's from swallowing ours. Syntax is checked on the expression alone.
  ConditionProgram(const std::string& expression, bool has_own_policy)
      : written_(ContextScript::Create(sandbox::ScriptKind::kExpression, expression)),
        script_(ContextScript::Create(sandbox::ScriptKind::kExpression,
                                      fmt::format("Boolean(\n{}\n)", expression))),
        has_own_policy_(has_own_policy) {}

  Step Begin(const NodeContext& context) const override { return script_.Call(context); }

  Step Resume(const NodeContext& context, const StepResult& result) const override {
    const auto* outcome = std::get_if<sandbox::Outcome>(&result);
    if (outcome == nullptr) return UnexpectedResult();
    if (outcome->kind != sandbox::OutcomeKind::kValue) return Fail{ErrorOf(*outcome, has_own_policy_)};
    if (outcome->value_json != "true" && outcome->value_json != "false") return UnexpectedResult();
    return Complete{std::string(context.input()), outcome->value_json, std::nullopt};
  }

  std::vector<ScriptUse> scripts() const override {
    return {{"config.expression", written_.script()}};
  }

 private:
  ContextScript written_;
  ContextScript script_;
  bool has_own_policy_;
};

class ConditionType final : public DescribedType {
 public:
  ConditionType()
      : DescribedType("condition", "Chooses the branch \"true\" or \"false\" by an expression.",
                      condition::kConfigSchema) {}

  RetryPolicy default_retry() const override { return SandboxRetry(); }

  std::vector<std::string> branches(const NodeDefinition&) const override {
    return {"true", "false"};
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>&) const override {
    return std::make_unique<ConditionProgram>(node.config["expression"].get<std::string>(),
                                              node.retry.has_value());
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeConditionType() { return std::make_unique<ConditionType>(); }

}  // namespace penstock::workflow_engine
