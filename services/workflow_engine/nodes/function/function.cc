#include "services/workflow_engine/nodes/function/function.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/function/schema.h"

namespace penstock::workflow_engine {
namespace {

sandbox::Limits LimitsOf(const Json& config) {
  sandbox::Limits limits;
  if (config.contains("timeout_seconds")) {
    limits.wall_time = absl::Seconds(config["timeout_seconds"].get<double>());
    limits.cpu_time = std::min(limits.wall_time, std::max(limits.cpu_time, limits.wall_time / 5));
  }
  if (config.contains("memory_mib")) {
    limits.heap_bytes = config["memory_mib"].get<size_t>() << 20;
  }
  return limits;
}

class FunctionProgram final : public NodeProgram {
 public:
  explicit FunctionProgram(const NodeDefinition& node)
      : script_(ContextScript::Create(sandbox::ScriptKind::kBody,
                                      node.config["code"].get<std::string>())),
        limits_(LimitsOf(node.config)),
        has_own_policy_(node.retry.has_value()) {}

  Step Begin(const NodeContext& context) const override {
    return script_.Call(context, {}, limits_);
  }

  Step Resume(const NodeContext&, const StepResult& result) const override {
    const auto* outcome = std::get_if<sandbox::Outcome>(&result);
    if (outcome == nullptr) return UnexpectedResult();
    if (outcome->kind != sandbox::OutcomeKind::kValue) {
      return Fail{ErrorOf(*outcome, has_own_policy_)};
    }
    return Complete{outcome->value_json, "", std::nullopt};
  }

  std::vector<ScriptUse> scripts() const override { return {{"config.code", script_.script()}}; }

 private:
  ContextScript script_;
  sandbox::Limits limits_;
  bool has_own_policy_;
};

class FunctionType final : public DescribedType {
 public:
  FunctionType()
      : DescribedType("function", "Runs JavaScript in the sandbox; what it returns is the output.",
                      function::kConfigSchema) {}

  RetryPolicy default_retry() const override { return SandboxRetry(); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>&) const override {
    return std::make_unique<FunctionProgram>(node);
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeFunctionType() { return std::make_unique<FunctionType>(); }

}  // namespace penstock::workflow_engine
