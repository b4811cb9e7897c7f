#include "services/workflow_engine/nodes/transform/transform.h"

#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/nodes/transform/merge.h"
#include "services/workflow_engine/nodes/transform/schema.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

// map, filter and reduce are one call of the array method of that name. Author's text stands on lines of its own, so that a trailing
// comment ends with it.
std::string SourceOf(const std::string& operation, const std::string& expression) {
  if (operation == "reduce") {
    return fmt::format("items.reduce((accumulator, item, index) => (\n{}\n), initial)", expression);
  }
  return fmt::format("items.{}((item, index) => (\n{}\n))", operation, expression);
}

class ListProgram final : public NodeProgram {
 public:
  ListProgram(const Json& config, Template items, bool has_own_policy)
      : items_(std::move(items)),
        initial_(config.contains("initial") ? config["initial"].dump() : "null"),
        written_(ContextScript::Create(sandbox::ScriptKind::kExpression,
                                       config["expression"].get<std::string>(),
                                       {"accumulator", "item", "index"})),
        script_(ContextScript::Create(
            sandbox::ScriptKind::kExpression,
            SourceOf(config["operation"].get<std::string>(), config["expression"].get<std::string>()),
            {"items", "initial"})),
        has_own_policy_(has_own_policy) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> items = items_.RenderJson(context);
    if (!items.ok()) return RenderingFailed(items.status());
    if (items->empty() || (*items)[0] != '[') {
      return Fail{{"TypeError", "the items are not a list", "", false}};
    }
    return script_.Call(context, {*std::move(items), initial_});
  }

  Step Resume(const NodeContext&, const StepResult& result) const override {
    const auto* outcome = std::get_if<sandbox::Outcome>(&result);
    if (outcome == nullptr) return UnexpectedResult();
    if (outcome->kind != sandbox::OutcomeKind::kValue) return Fail{ErrorOf(*outcome, has_own_policy_)};
    return Complete{outcome->value_json, "", std::nullopt};
  }

  std::vector<ScriptUse> scripts() const override {
    return {{"config.expression", written_.script()}};
  }

 private:
  Template items_;
  std::string initial_;
  ContextScript written_;
  ContextScript script_;
  bool has_own_policy_;
};

class SetProgram final : public NodeProgram {
 public:
  SetProgram(JsonTemplate values, bool keep_input)
      : values_(std::move(values)), keep_input_(keep_input) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> values = values_.Render(context);
    if (!values.ok()) return RenderingFailed(values.status());
    if (!keep_input_) return Complete{*std::move(values), "", std::nullopt};
    std::optional<std::string> merged = MergeObjects(context.input(), *values);
    if (!merged) {
      return Fail{{"TypeError", "the input is not an object; set keep_input to false", "", false}};
    }
    return Complete{*std::move(merged), "", std::nullopt};
  }

 private:
  JsonTemplate values_;
  bool keep_input_;
};

class TransformType final : public DescribedType {
 public:
  TransformType()
      : DescribedType("transform", "Maps, filters or reduces a list, or sets members of an object.",
                      transform::kConfigSchema) {}

  RetryPolicy default_retry() const override { return SandboxRetry(); }

  // A path is a template of one hole.
  Json templates(const NodeDefinition& node) const override {
    Json members = Members(node, {"values", "items"});
    if (members.contains("items")) members["items"] = "{{" + members["items"].get<std::string>() + "}}";
    return members;
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const Json& config = node.config;
    const std::string operation = config["operation"];
    const bool set = operation == "set";
    const auto expect = [&](const char* field, bool allowed, bool required) {
      if (config.contains(field) && !allowed) {
        problems.push_back({"", fmt::format("config.{}", field), "is not for " + operation});
      } else if (!config.contains(field) && required) {
        problems.push_back({"", fmt::format("config.{}", field), "is required for " + operation});
      }
    };
    expect("items", !set, false);
    expect("expression", !set, !set);
    expect("initial", operation == "reduce", false);
    expect("values", set, set);
    expect("keep_input", set, false);
    if (!problems.empty()) return nullptr;
    TemplateReader reader(problems);
    if (set) {
      return std::make_unique<SetProgram>(reader.Value("config.values", config["values"]),
                                          config.value("keep_input", true));
    }
    // A path is a template of one hole.
    const std::string path = config.value("items", "input");
    return std::make_unique<ListProgram>(config, reader.Text("config.items", "{{" + path + "}}"),
                                         node.retry.has_value());
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeTransformType() { return std::make_unique<TransformType>(); }

}  // namespace penstock::workflow_engine
