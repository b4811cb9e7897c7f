#include "services/workflow_engine/nodes/service_step/service_step.h"

#include <array>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/service_step/schema.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

// What the same step would be answered the next time as well.
bool IsFinal(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

class ServiceStepProgram final : public NodeProgram {
 public:
  ServiceStepProgram(std::string service, std::string step, JsonTemplate input)
      : service_(std::move(service)), step_(std::move(step)), input_(std::move(input)) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> input = input_.Render(context);
    if (!input.ok()) return RenderingFailed(input.status());
    return CallService{.service = service_,
                       .step = step_,
                       .input = *std::move(input),
                       .idempotency_key = std::string(context.idempotency_key())};
  }

  Step Resume(const NodeContext&, const StepResult& result) const override {
    const auto* reply = std::get_if<ServiceReply>(&result);
    if (reply == nullptr) return UnexpectedResult();
    if (reply->output.ok()) return Complete{*reply->output, "", std::nullopt};
    const absl::Status& status = reply->output.status();
    return Fail{{.type = absl::StatusCodeToString(status.code()),
                 .message = fmt::format("{} {}: {}", service_, step_, std::string(status.message())),
                 .stack = "",
                 .retryable = !IsFinal(status.code())}};
  }

 private:
  const std::string service_;
  const std::string step_;
  const JsonTemplate input_;
};

class ServiceStepType final : public DescribedType {
 public:
  ServiceStepType()
      : DescribedType("service_step", "Has another Penstock service run one of its steps; for Penstock's own workflows.",
                      service_step::kConfigSchema) {}

  RetryPolicy default_retry() const override {
    RetryPolicy policy;
    policy.maximum_attempts = 3;
    policy.maximum_interval = absl::Seconds(30);
    return policy;
  }

  Json templates(const NodeDefinition& node) const override { return Members(node, {"input"}); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node, std::vector<Problem>& problems) const override {
    const Json& config = node.config;
    return std::make_unique<ServiceStepProgram>(config["service"].get<std::string>(), config["step"].get<std::string>(),
                                                TemplateReader(problems).Value("config.input", config.value("input", Json::object())));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeServiceStepType() { return std::make_unique<ServiceStepType>(); }

}  // namespace penstock::workflow_engine
