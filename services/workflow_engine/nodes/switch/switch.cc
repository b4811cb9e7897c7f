#include "services/workflow_engine/nodes/switch/switch.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/switch/schema.h"

namespace penstock::workflow_engine {
namespace {

constexpr char kDefaultBranch[] = "default";
constexpr size_t kMaxCombinedBytes = 128 << 10;

std::string LabelOf(const Json& one_case) { return one_case["label"].get<std::string>(); }

// One expression that yields the position of the first case that fits, or -1. Author's text stands on lines of its own, so that a
// trailing comment ends with it.
std::string CombinedSource(const Json& config) {
  std::string tests;
  int position = 0;
  for (const Json& one_case : config["cases"]) {
    const std::string test =
        one_case.contains("when")
            ? fmt::format("(\n{}\n)", one_case["when"].get_ref<const std::string&>())
            : fmt::format("$value === {}", one_case["value"].dump());
    tests += fmt::format("{} ? {} : ", test, position++);
  }
  if (!config.contains("expression")) return tests + "-1";
  return fmt::format("(($value) => {} -1)(\n{}\n)", tests,
                     config["expression"].get_ref<const std::string&>());
}

class SwitchProgram final : public NodeProgram {
 public:
  SwitchProgram(const Json& config, bool has_own_policy)
      : script_(ContextScript::Create(sandbox::ScriptKind::kExpression, CombinedSource(config))),
        has_own_policy_(has_own_policy) {
    if (config.contains("expression")) AddWritten("config.expression", config["expression"]);
    int position = 0;
    for (const Json& one_case : config["cases"]) {
      labels_.push_back(LabelOf(one_case));
      const std::string field = fmt::format("config.cases[{}].when", position++);
      if (one_case.contains("when")) AddWritten(field, one_case["when"]);
    }
  }

  Step Begin(const NodeContext& context) const override { return script_.Call(context); }

  Step Resume(const NodeContext& context, const StepResult& result) const override {
    const auto* outcome = std::get_if<sandbox::Outcome>(&result);
    if (outcome == nullptr) return UnexpectedResult();
    if (outcome->kind != sandbox::OutcomeKind::kValue) return Fail{ErrorOf(*outcome, has_own_policy_)};
    const std::optional<std::string> branch = BranchOf(outcome->value_json);
    if (!branch) return UnexpectedResult();
    return Complete{std::string(context.input()), *branch, std::nullopt};
  }

  std::vector<ScriptUse> scripts() const override { return written_; }

 private:
  void AddWritten(std::string field, const Json& expression) {
    written_.push_back({std::move(field),
                        ContextScript::Create(sandbox::ScriptKind::kExpression,
                                              expression.get<std::string>())
                            .script()});
  }

  std::optional<std::string> BranchOf(const std::string& position) const {
    if (position == "-1") return kDefaultBranch;
    for (size_t i = 0; i < labels_.size(); ++i) {
      if (position == fmt::format("{}", i)) return labels_[i];
    }
    return std::nullopt;
  }

  ContextScript script_;
  std::vector<std::string> labels_;
  bool has_own_policy_;
  std::vector<ScriptUse> written_;  // as the author wrote them, for syntax checks
};

class SwitchType final : public DescribedType {
 public:
  SwitchType()
      : DescribedType("switch", "Chooses the branch of the first case that fits, or \"default\".",
                      switch_::kConfigSchema) {}

  RetryPolicy default_retry() const override { return SandboxRetry(); }

  std::vector<std::string> branches(const NodeDefinition& node) const override {
    std::vector<std::string> labels;
    for (const Json& one_case : node.config["cases"]) labels.push_back(LabelOf(one_case));
    labels.push_back(kDefaultBranch);
    return labels;
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const Json& config = node.config;
    const bool by_value = config.contains("expression");
    std::set<std::string> seen;
    for (size_t i = 0; i < config["cases"].size(); ++i) {
      const Json& one_case = config["cases"][i];
      const std::string field = fmt::format("config.cases[{}]", i);
      const std::string label = LabelOf(one_case);
      if (label == "error" || label == kDefaultBranch) {
        problems.push_back({"", field + ".label", fmt::format("\"{}\" is taken", label)});
      } else if (!seen.insert(label).second) {
        problems.push_back({"", field + ".label", fmt::format("repeats \"{}\"", label)});
      }
      if (one_case.contains("value") != by_value || one_case.contains("when") == by_value) {
        problems.push_back({"", field,
                            by_value ? "must have \"value\" and no \"when\", because the node has an expression"
                                     : "must have \"when\" and no \"value\", because the node has no expression"});
      }
    }
    if (!problems.empty()) return nullptr;
    auto program = std::make_unique<SwitchProgram>(config, node.retry.has_value());
    if (CombinedSource(config).size() > kMaxCombinedBytes) {
      problems.push_back({"", "config.cases", "must not be longer than 128 KiB in all"});
    }
    return program;
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeSwitchType() { return std::make_unique<SwitchType>(); }

}  // namespace penstock::workflow_engine
