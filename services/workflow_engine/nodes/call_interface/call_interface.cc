#include "services/workflow_engine/nodes/call_interface/call_interface.h"

#include <string>
#include <utility>
#include <vector>

#include "libs/json/quote.h"
#include "libs/status/details.h"
#include "services/workflow_engine/nodes/call_interface/schema.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

// It holds the project connectors, and calls what they lead to.
constexpr char kService[] = "connector-service";
constexpr char kStep[] = "interface.call";
// Of one attempt. The next one waits on for the execution that this one has started.
constexpr absl::Duration kTimeout = absl::Minutes(5);

// What the same call would be answered the next time as well.
bool IsFinal(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
      return false;
    default:
      return true;
  }
}

NodeError ErrorOf(const absl::Status& status) {
  NodeError error;
  error.type = ReasonOf(status);
  if (error.type.empty()) error.type = absl::StatusCodeToString(status.code());
  error.message = std::string(status.message());
  error.retryable = !IsFinal(status.code());
  if (error.retryable) error.retry_after = RetryAfterOf(status);
  return error;
}

class CallInterfaceProgram final : public NodeProgram {
 public:
  CallInterfaceProgram(std::string fixed, JsonTemplate rendered)
      : fixed_(std::move(fixed)), rendered_(std::move(rendered)) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> rendered = rendered_.Render(context);
    if (!rendered.ok()) return RenderingFailed(rendered.status());
    return CallService{.service = kService,
                       .step = kStep,
                       .input = R"({"config":)" + fixed_ + R"(,"rendered":)" + *rendered +
                                R"(,"execution":)" + std::string(context.execution()) +
                                R"(,"idempotencyKey":)" + json::Quoted(context.idempotency_key()) +
                                "}",
                       .idempotency_key = std::string(context.idempotency_key()),
                       .timeout = kTimeout};
  }

  Step Resume(const NodeContext&, const StepResult& result) const override {
    const auto* reply = std::get_if<ServiceReply>(&result);
    if (reply == nullptr) return UnexpectedResult();
    if (reply->output.ok()) return Complete{*reply->output, "", std::nullopt};
    return Fail{ErrorOf(reply->output.status())};
  }

 private:
  const std::string fixed_;  // JSON: what of the config holds no templates
  const JsonTemplate rendered_;
};

class CallInterfaceType final : public DescribedType {
 public:
  CallInterfaceType()
      : DescribedType("call_interface",
                      "Calls an interface of another project's service, through a project "
                      "connector.",
                      call_interface::kConfigSchema) {}

  // As often as it takes for a service to be back.
  RetryPolicy default_retry() const override {
    RetryPolicy policy;
    policy.maximum_attempts = 10;
    policy.maximum_interval = absl::Seconds(30);
    return policy;
  }

  absl::Duration default_timeout() const override { return kTimeout; }

  Json templates(const NodeDefinition& node) const override {
    return Members(node, {"payload", "execution_id"});
  }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    const Json& config = node.config;
    if (config.contains("execution_id") && config.value("wait", "started") == "completed") {
      problems.push_back({"", "config.wait",
                          "is for interfaces that start a service, which take no execution_id"});
    }
    const Json rendered = templates(node);
    Json fixed = config;
    for (const auto& [member, unused] : rendered.items()) fixed.erase(member);
    return std::make_unique<CallInterfaceProgram>(
        fixed.dump(), TemplateReader(problems).Value("config", rendered));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeCallInterfaceType() { return std::make_unique<CallInterfaceType>(); }

}  // namespace penstock::workflow_engine
