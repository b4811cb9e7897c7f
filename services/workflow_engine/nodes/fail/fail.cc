#include "services/workflow_engine/nodes/fail/fail.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "services/workflow_engine/nodes/described_type.h"
#include "services/workflow_engine/nodes/fail/schema.h"
#include "services/workflow_engine/nodes/templating.h"
#include "services/workflow_engine/templates/template.h"

namespace penstock::workflow_engine {
namespace {

bool IsErrorName(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

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

  Json templates(const NodeDefinition& node) const override { return Members(node, {"message"}); }

  std::unique_ptr<NodeProgram> Compile(const NodeDefinition& node,
                                       std::vector<Problem>& problems) const override {
    std::string error_type = node.config.value("type", "FAILED");
    if (!IsErrorName(error_type)) {
      problems.push_back({"", "config.type", "must be letters, digits, '_', '-' and '.'"});
    }
    return std::make_unique<FailProgram>(
        std::move(error_type),
        TemplateReader(problems).Text("config.message", node.config["message"].get<std::string>()));
  }
};

}  // namespace

std::unique_ptr<NodeType> MakeFailType() { return std::make_unique<FailType>(); }

}  // namespace penstock::workflow_engine
