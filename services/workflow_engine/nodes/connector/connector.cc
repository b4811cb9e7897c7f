#include "services/workflow_engine/nodes/connector/connector.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "libs/json/quote.h"
#include "services/workflow_engine/nodes/connector/failure.h"
#include "services/workflow_engine/nodes/connector/schema.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

constexpr char kService[] = "connector-service";
constexpr char kStep[] = "connector.call";
// A call may take five minutes, and waits for its turn before.
constexpr absl::Duration kTimeout = absl::Minutes(6);

constexpr const char* kTemplates[] = {"payload", "resource_path", "query", "headers"};

class ConnectorProgram final : public NodeProgram {
 public:
  ConnectorProgram(std::string fixed, JsonTemplate rendered, bool has_key, bool repeatable)
      : fixed_(std::move(fixed)),
        rendered_(std::move(rendered)),
        has_key_(has_key),
        repeatable_(repeatable) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> rendered = rendered_.Render(context);
    if (!rendered.ok()) return RenderingFailed(rendered.status());
    std::string input = R"({"config":)" + fixed_ + R"(,"rendered":)" + *rendered +
                        R"(,"execution":)" + std::string(context.execution());
    if (has_key_) {
      input += R"(,"idempotencyKey":)" + json::Quoted(context.idempotency_key());
    }
    return CallService{.service = kService,
                       .step = kStep,
                       .input = input + "}",
                       .idempotency_key = std::string(context.idempotency_key()),
                       .timeout = kTimeout};
  }

  Step Resume(const NodeContext&, const StepResult& result) const override {
    const auto* reply = std::get_if<ServiceReply>(&result);
    if (reply == nullptr) return UnexpectedResult();
    if (reply->output.ok()) return Complete{*reply->output, "", std::nullopt};
    return Fail{ConnectorError(reply->output.status(), repeatable_)};
  }

 private:
  const std::string fixed_;  // JSON: what of the config holds no templates
  const JsonTemplate rendered_;
  const bool has_key_;
  const bool repeatable_;  // the same again does no harm
};

std::string MethodOf(const Json& config) {
  return config.value("method", config.contains("action") ? "POST" : "GET");
}

class ConnectorType final : public DescribedType {
 public:
  ConnectorType()
      : DescribedType("connector",
                      "Calls a third party through a connector, which holds the credentials.",
                      connector::kConfigSchema) {}

  RetryPolicy default_retry() const override {
    RetryPolicy policy;
    policy.maximum_attempts = 3;
    return policy;
  }

  absl::Duration default_timeout() const override { return kTimeout; }

  Json templates(const NodeDefinition& node) const override {
    return Members(node, {"payload", "resource_path", "query", "headers"});
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const Json& config = node.config;
    CheckTogether(config, problems);
    Json fixed = config, rendered = Json::object();
    for (const char* member : kTemplates) {
      if (!config.contains(member)) continue;
      rendered[member] = config[member];
      fixed.erase(member);
    }
    const std::string method = MethodOf(config);
    const bool sends_key =
        config.value("idempotency_key", true) && (method == "POST" || method == "PATCH");
    return std::make_unique<ConnectorProgram>(
        fixed.dump(), TemplateReader(problems).Value("config", rendered), sends_key,
        sends_key || (method != "POST" && method != "PATCH"));
  }

 private:
  static void CheckTogether(const Json& config, std::vector<Problem>& problems) {
    if (!config.contains("action") && !config.contains("resource_path")) {
      problems.push_back({.field = "config", .description = "needs an action or a resource_path"});
    }
    if (config.contains("action") && config.value("max_pages", 1) > 1) {
      problems.push_back(
          {.field = "config.max_pages", .description = "is for reading, without an action"});
    }
    if (!config.contains("action") && config.contains("payload")) {
      problems.push_back({.field = "config.payload", .description = "is for an action"});
    }
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeConnectorType() { return std::make_unique<ConnectorType>(); }

}  // namespace penstock::workflow_engine
