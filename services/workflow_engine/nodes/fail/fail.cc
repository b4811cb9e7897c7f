#include "services/workflow_engine/nodes/fail/fail.h"

#include <string>
#include <utility>

#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/fail/schema.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

class FailProgram final : public NodeProgram {
 public:
  FailProgram(std::string type, Template message)
      : type_(std::move(type)), message_(std::move(message)) {}

  Step Begin(const NodeContext& context) const override {
    absl::StatusOr<std::string> message = message_.RenderText(context);
    if (!message.ok()) return RenderingFailed(message.status());
    return Fail{{type_, *std::move(message), "", false}};
  }

 private:
  std::string type_;
  Template message_;
};

class FailType final : public DescribedType {
 public:
  FailType() : DescribedType("fail", "Fails with a message and an error type of the author's.",
                             fail::kConfigSchema) {}

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    return std::make_unique<FailProgram>(
        node.config.value("type", "FAILED"),
        TemplateReader(problems).Text("config.message", node.config["message"].get<std::string>()));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeFailType() { return std::make_unique<FailType>(); }

}  // namespace penstock::workflow_engine
