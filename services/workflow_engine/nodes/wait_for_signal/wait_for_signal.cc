#include "services/workflow_engine/nodes/wait_for_signal/wait_for_signal.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "libs/json/quote.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/duration_template.h"
#include "services/workflow_engine/nodes/evaluation.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/nodes/wait_for_signal/schema.h"

namespace penstock::workflow_engine {
namespace {

constexpr std::string_view kTimeoutBranch = "timeout";

class WaitForSignalProgram final : public NodeProgram {
 public:
  WaitForSignalProgram(std::string signal, std::optional<DurationTemplate> timeout)
      : signal_(std::move(signal)), timeout_(std::move(timeout)) {}

  Step Begin(const NodeContext& context) const override {
    if (!timeout_) return AwaitSignal{signal_, std::nullopt};
    absl::StatusOr<absl::Duration> timeout = timeout_->Render(context);
    if (!timeout.ok()) return RenderingFailed(timeout.status());
    return AwaitSignal{signal_, context.now() + *timeout};
  }

  Step Resume(const NodeContext&, const StepResult& result) const override {
    if (const auto* received = std::get_if<SignalReceived>(&result)) {
      return Complete{*received->payload, std::string(kReceivedBranch), std::nullopt};
    }
    if (!timeout_ || !std::holds_alternative<TimerFired>(result)) return UnexpectedResult();
    return Complete{fmt::format(R"({{"signal":{},"timedOut":true}})", json::Quoted(signal_)), std::string(kTimeoutBranch), std::nullopt};
  }

  std::string_view awaited_signal() const override { return signal_; }

 private:
  const std::string signal_;
  const std::optional<DurationTemplate> timeout_;
};

bool IsSignalName(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.'; });
}

class WaitForSignalType final : public DescribedType {
 public:
  WaitForSignalType()
      : DescribedType("wait_for_signal", "Waits for a signal sent to the execution, for example an approval.", wait_for_signal::kConfigSchema) {}

  // Waiting is what it is for.
  absl::Duration default_timeout() const override { return absl::ZeroDuration(); }

  std::vector<std::string> branches(const NodeDefinition&) const override { return {std::string(kReceivedBranch), std::string(kTimeoutBranch)}; }

  Json templates(const NodeDefinition& node) const override { return Members(node, {"timeout"}); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node, std::vector<Problem>& problems) const override {
    const std::string signal = node.config["signal"].get<std::string>();
    if (!IsSignalName(signal)) problems.push_back({"", "config.signal", "must be letters, digits, '_', '-' and '.'"});
    std::optional<DurationTemplate> timeout;
    if (node.config.contains("timeout")) timeout = DurationTemplate::Parse("config.timeout", node.config["timeout"], problems);
    return std::make_unique<WaitForSignalProgram>(signal, std::move(timeout));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeWaitForSignalType() { return std::make_unique<WaitForSignalType>(); }

}  // namespace penstock::workflow_engine
